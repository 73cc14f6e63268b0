"""Tests that enforce rules of the project which people tend to forget."""
