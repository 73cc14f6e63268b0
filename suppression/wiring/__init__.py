"""Construction of the application, as a server, as commands or both, from all layers.

Each module imports only the layers that it needs, so that a command starts without the web layer,
and a server without the commands.
"""
