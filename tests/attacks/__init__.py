"""What an attacker once did with success, kept so that nobody does it again."""
