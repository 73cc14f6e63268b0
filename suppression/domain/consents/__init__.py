"""Consents: their proof, their end, and the document that tells the person of one."""
