"""Show what is on record for a person, now and at a past instant."""
