"""Use cases that stage, apply, undo and show imports of stop lists."""
