"""Archiving by an editor's button, and the portal's folder read-only where no web server serves it."""
