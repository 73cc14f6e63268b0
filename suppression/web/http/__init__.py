"""Authentication, request bodies, forms, limits and problems: shared code of all views."""
