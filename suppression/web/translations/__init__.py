"""The texts of all pages, in every language."""
