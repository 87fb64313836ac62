"""Network definitions, one family a file."""
