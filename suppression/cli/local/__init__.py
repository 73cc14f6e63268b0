"""The embedded mode behind `./run`."""
