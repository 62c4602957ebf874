"""The pages of the interview, by who opens them."""
