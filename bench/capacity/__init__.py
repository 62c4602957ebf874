"""How large a site has to be: the arithmetic, and what only a simulation tells."""
