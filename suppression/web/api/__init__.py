"""The API of /v1: one module per resource, each a Flask blueprint."""
