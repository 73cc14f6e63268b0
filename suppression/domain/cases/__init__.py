"""Cases of the DPO's register: persons' requests, their steps and deadlines."""
