"""Tables of cases that policies are tested against."""
