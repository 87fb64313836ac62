"""Dataset readers, one a file; the folder is the registry."""
