"""The process and its surroundings: gc, time slices, ports, rate limits, HTTP client."""
