"""Adapters to everything outside but the database: files, crypto, metrics, logs, HTTP."""
