"""The measurements, one section per file; each yields a finding or a failure for each row."""
