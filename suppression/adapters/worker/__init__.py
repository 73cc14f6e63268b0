"""The gunicorn worker class, which receives most requests without occupying a thread."""
