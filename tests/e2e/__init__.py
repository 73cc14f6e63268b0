"""Tests of the service as it runs: gunicorn, ./run and the Procfile in their own processes."""
