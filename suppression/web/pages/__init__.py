"""The public pages of recipients: links in e-mails, the opt-out form, confirmations."""
