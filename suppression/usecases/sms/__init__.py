"""Receive text messages, and review unclear ones."""
