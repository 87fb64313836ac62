"""What an analysis can be written as: one file a format, found by listing this folder."""
