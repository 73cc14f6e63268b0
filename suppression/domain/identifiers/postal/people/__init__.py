"""The people whom a name means: the texts of its readings, and each person's likeliest one."""
