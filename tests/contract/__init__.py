"""Tests that openapi.yaml and the code agree, in both directions."""
