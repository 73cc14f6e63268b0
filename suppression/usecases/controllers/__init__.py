"""Use cases that create, read and set up controllers, and authenticate their API keys."""
