"""Stage, apply, undo and list imports of stops."""
