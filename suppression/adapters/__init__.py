"""Adapters to files, keys, logs, gunicorn and the process: all technique except the database's."""
