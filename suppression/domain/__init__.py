"""The rules of the service in plain Python: values in, values out; no framework and no clock."""
