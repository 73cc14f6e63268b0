"""The process and its surroundings: garbage collection, ports, rate limits, HTTP client."""
