"""Cases of the DPO's register."""
