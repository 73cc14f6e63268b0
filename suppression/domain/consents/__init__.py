"""Consents: their proof, their end, and the document that informs the person of one."""
