"""Tables and statements of sms."""
