"""Polling measured: a cache in front, the site behind it, and readers without a socket."""
