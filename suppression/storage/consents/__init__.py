"""Tables and statements of consents, and the tables of called numbers."""
