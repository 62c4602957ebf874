"""Pages: the netizen's form and receipt, the moderators' inbox."""
