"""Manage users of the console, invite them, sign them in."""
