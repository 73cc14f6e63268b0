"""Tests that the newest code answers rightly on data which each release has stored."""
