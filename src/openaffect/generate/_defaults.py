"""What writes unless something else is asked for; light, so that a command line can name it."""

DEFAULT_MODEL = "smollm2-135m-instruct"
"""The card of the language model, which the shipped weights that steer belong to."""
DEFAULT_METHOD = "guided"
