"""The schemas of requests and answers, one module per subject; openapi.yaml describes the same."""
