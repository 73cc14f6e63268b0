"""Use cases that read and change the policies of a controller."""
