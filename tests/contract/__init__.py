"""openapi.yaml and the code, held to each other both ways."""
