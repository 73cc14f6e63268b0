"""From what someone wrote to the one spelling that all spellings lead to: a file per kind."""
