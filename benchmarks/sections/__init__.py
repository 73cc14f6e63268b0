"""What is measured, a section a file: each gives a finding or a failure for each of its rows."""
