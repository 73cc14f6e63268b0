"""How the messages of a schema begin: what comes first decides the problem's type."""

from __future__ import annotations

UNKNOWN_FIELD = "Unknown field:"
WRONG_TYPE = "Wrong type:"
TOO_MANY = "Too many items:"
MISSING = "Add this field."
