"""The programs that the service is compared with; each does the same work by another technique."""
