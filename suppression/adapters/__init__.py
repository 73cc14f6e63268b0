"""Adapters to files, keys, logs, gunicorn and the process: the technique beside the database."""
