"""Use cases that invite, manage and sign in the users of the console."""
