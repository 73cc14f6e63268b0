"""What all views share: bodies, forms, API keys, limits, problems, logs."""
