"""Tests that repeat attacks which once succeeded, so that they never succeed again."""
