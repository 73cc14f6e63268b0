"""Adapters: observability."""
