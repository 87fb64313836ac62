"""The exit codes, in one place."""

from __future__ import annotations

FINE = 0
SOME_FAILED = 1
USAGE = 2
NOTHING_DONE = 3
INTERRUPTED = 130

MEANINGS = {
    FINE: "all inputs were done",
    SOME_FAILED: "some inputs failed, the others are done",
    USAGE: "the command line is wrong",
    NOTHING_DONE: "nothing could be done: no input, no weights, nowhere to write, all failed",
    INTERRUPTED: "interrupted; what was finished is kept",
}


def table() -> str:
    """Return the exit codes as the help shows them."""
    return "exit codes:\n" + "\n".join(f"  {code:<4} {text}" for code, text in MEANINGS.items())
