"""Adapters to everything outside the process except the database: files, keys, logs, HTTP."""
