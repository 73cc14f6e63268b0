"""The schemas of requests and answers, one module per subject, as in openapi.yaml."""
