"""The other outside worlds: files, signing, outgoing mail and HTTP."""
