"""Everything between a netizen's text and the people on air: intake, screening, decisions."""
