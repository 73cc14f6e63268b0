"""Tables and SQL statements of called numbers and their call events."""
