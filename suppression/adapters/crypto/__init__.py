"""Adapters: crypto."""
