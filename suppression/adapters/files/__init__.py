"""Contact files and logos: decoding, parsing, writing."""
