"""Replies by text message: their normalization, their vocabulary and their intent."""
