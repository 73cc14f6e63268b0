"""Tables and statements of called numbers and their calls."""
