"""Tables and statements of suppressions and their match keys."""
