"""Use cases of the service, mostly one per module.

A use case that an entry point calls opens its own transactions, mostly a single one.
"""
