"""Programs that measure the service, and the peers it is compared with: see README.md."""
