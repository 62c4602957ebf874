"""What stays of an interview: files that need no application to be read."""
