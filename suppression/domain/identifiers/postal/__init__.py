"""Postal addresses: fields or lines, to country, postcode, street, number and person."""
