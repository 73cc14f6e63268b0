"""Real PostgreSQL servers for the tests: found, started, watched over, and cleared away.

Nothing needs to be installed by hand: a development dependency carries the programs. Each
server answers on a Unix socket in its own directory under /tmp and nowhere else, and a
supervisor (see supervisor.py) stops it and removes that directory however the tests end.
A database is lent to one test after the other, emptied in between (see pool.py).
"""
