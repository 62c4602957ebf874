"""Fan-out compared: the programs that are measured, and those that measure them."""
