"""Flask views for operators: health, metrics and the API documentation."""
