"""Views for operators: health, metrics, the page of the API."""
