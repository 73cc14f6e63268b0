"""Tables and statements of the DPO's register of cases."""
