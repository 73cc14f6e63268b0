"""The console's pages of users, and how they sign in."""
