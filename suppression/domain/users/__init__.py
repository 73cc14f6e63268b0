"""Users of the console: their roles, sessions, invitations and sign-in delays."""
