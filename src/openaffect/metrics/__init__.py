"""Measures: pure functions, one family a file."""
