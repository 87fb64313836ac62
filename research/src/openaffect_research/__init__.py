"""Cards and weights that are not free for every use; each card states its licence."""
