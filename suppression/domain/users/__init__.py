"""Users of the console, their roles, invitations and sign-in delays."""
