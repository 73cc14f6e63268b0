"""Construction of the application, as a server, as commands or both: only this uses all layers.

Each form imports its own layers alone, so that a command starts without the web layer, and a server
without the commands.
"""
