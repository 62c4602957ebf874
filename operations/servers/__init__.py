"""The two ASGI servers that are offered, each set up so that no client can make it hold more than it should."""
