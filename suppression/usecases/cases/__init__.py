"""Open the DPO's cases, take their steps, read the register."""
