"""Reading and writing media, text and tables."""
