"""The peers that we compare ourselves with; each does the same work in another technique."""
