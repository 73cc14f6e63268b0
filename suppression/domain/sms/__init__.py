"""Replies by text message."""
