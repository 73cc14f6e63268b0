"""Postal addresses: parsing of fields or lines to country, postcode, street, number, person."""
