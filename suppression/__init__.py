"""A service that records who must not be contacted, and answers whether somebody may be."""

__version__ = "0.9.0"
"""The version of the service; docs/releasing.md names the places that must say the same."""
