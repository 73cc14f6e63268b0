"""gunicorn's worker class, which receives requests without a thread."""
