"""Adapters to files, cryptography, logs, metrics, gunicorn and the process."""
