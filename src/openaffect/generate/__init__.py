"""Generators of emotion: one a file, wired to recognisers only by the floors above."""
