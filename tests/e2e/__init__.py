"""The service as it runs: gunicorn, ./run and the Procfile as processes of their own."""
