"""Create controllers, their topics, API keys and branding."""
