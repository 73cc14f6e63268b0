"""Consents: their proof, their end, and the document that informs a person of their consent."""
