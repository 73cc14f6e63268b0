"""Find, start, supervise and remove real PostgreSQL servers for the tests.

Nothing needs to be installed by hand: a development dependency contains the programs. Each
server listens only on a Unix socket in its own directory under /tmp, and a supervisor (see
supervisor.py) stops it and removes that directory however the tests end. A database is used
by one test after the other, and emptied in between (see pool.py).
"""
