"""Commands that stage, list, apply, discard and undo imports of stops."""
