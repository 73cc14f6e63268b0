"""Use cases of sms."""
