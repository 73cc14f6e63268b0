"""Tables and statements of unsubscribe."""
