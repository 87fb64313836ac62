"""What is taken out of any text before a model reads it."""

from __future__ import annotations


def cleaned(text: str) -> str:
    """Return the text without control characters, which no tokenizer was trained on."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
