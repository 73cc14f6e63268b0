"""Commands of local."""
