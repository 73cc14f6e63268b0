"""The policies of a controller: the model, its presets, its settings and its JSON document."""
