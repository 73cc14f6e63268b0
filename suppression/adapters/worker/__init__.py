"""Adapters: worker."""
