"""Cryptography by maintained libraries: key files, links, passwords, one-time codes, cases."""
