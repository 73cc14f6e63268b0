"""The shapes of requests and answers, one module per subject; openapi.yaml says the same."""
