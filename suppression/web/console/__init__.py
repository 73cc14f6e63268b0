"""The DPO's console: server-rendered pages for users who sign in."""
