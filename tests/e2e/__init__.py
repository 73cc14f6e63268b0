"""Real processes and real protocols."""
