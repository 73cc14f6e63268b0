"""The process and its surroundings: garbage collection, slices, ports, rate limits, HTTP client."""
