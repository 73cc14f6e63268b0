"""Tables and statements of controllers, their keys, policies and brands."""
