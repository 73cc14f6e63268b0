"""Tables of cases that a policy is tested against."""
