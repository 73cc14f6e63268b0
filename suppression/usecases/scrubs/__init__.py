"""Use cases that check the rows of a file, and keep the decisions for a day."""
