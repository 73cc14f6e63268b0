"""The gunicorn worker class, which receives requests without occupying a thread."""
