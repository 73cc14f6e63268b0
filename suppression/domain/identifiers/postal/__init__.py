"""Postal addresses: from fields or lines to country, postcode, street, number and person."""
