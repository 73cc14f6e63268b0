"""Programs that measure, with the peers they measure against: README.md."""
