"""Tables and statements of console users, invitations, sessions and sign-in delays."""
