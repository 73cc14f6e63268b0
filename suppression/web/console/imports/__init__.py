"""The console's pages of imports."""
