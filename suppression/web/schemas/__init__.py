"""The schemas of requests and answers, which openapi.yaml describes; one module per subject."""
