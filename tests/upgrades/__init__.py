"""What a release stored and answered, and what the newest code makes of it."""
