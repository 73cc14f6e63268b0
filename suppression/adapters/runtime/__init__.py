"""Adapters: runtime."""
