"""Replies by text message: their normalization, keywords and intent."""
