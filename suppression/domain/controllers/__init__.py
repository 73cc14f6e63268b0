"""Controllers (tenants): topics, API keys, branding."""
