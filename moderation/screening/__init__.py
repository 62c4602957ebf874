"""What a text looks like before a person reads it: findings with their places and reasons, decided upon by nobody here."""
