"""Use cases of the service, mostly one per module.

Those that entry points call open their own transactions, mostly a single one.
"""
