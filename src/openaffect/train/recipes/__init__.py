"""Training recipes, one a file; the folder is the registry."""
