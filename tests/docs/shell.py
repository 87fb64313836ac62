"""Runs the shell lines of the docs within this process.

What would fetch, train or install is checked instead of done: that the command line is one, that
the extras, targets, cards and recipes exist.
"""

import io
import re
import shlex
import sys
import tomllib

from openaffect import models
from openaffect.cli import _parser, main

from .pages import ROOT

CHECKED = {"train", "demo"}
"""Commands that are parsed and not run; each has tests of its own."""
FETCHING = {"pull", "bundle", "clear"}
LONG = {
    ("benchmark", "run"),
    ("benchmark", "calibration"),
    ("benchmark", "text-generation"),
    ("benchmark", "leaderboard"),
    ("generate", "text"),
    ("generate", "rewrite"),
    ("generate", "reply"),
    ("generate", "chat"),
}


def lines(text):
    """Return the commands of a block, continued lines joined, comments dropped."""
    joined = text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def run_line(line, monkeypatch):
    """Run or check one command line; an assertion says what is wrong with it."""
    words = shlex.split(line.split("|")[0])
    while re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words.pop(0)
    if words[0] == "echo":
        text = words[1] + "\n"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        words = shlex.split(line.split("|")[1])
    assert words[0] in TOOLS, f"the docs' shell does not know {words[0]!r}"
    TOOLS[words[0]](words[1:])


def _openaffect(words):
    args = _parser.build(words[0] if not words[0].startswith("-") else None).parse_args(words)
    names = getattr(args, "names", [])
    assert set(names) <= set(models.cards()), names
    if args.command == "train":
        from openaffect.train import run as recipes

        assert args.recipe is None or args.recipe in recipes.names()
    action = getattr(args, "action", "")
    if args.command in CHECKED or action in FETCHING or (args.command, action) in LONG:
        return
    assert main(words) == 0, words


def _pip(words):
    assert words[0] == "install"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = settings["project"]["optional-dependencies"]
    for word in words[1:]:
        name, _, rest = word.partition("[")
        if name == "openaffect" and rest:
            assert set(rest.rstrip("]").split(",")) <= set(extras)


def _make(words):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(words) <= set(targets)


TOOLS = {"openaffect": _openaffect, "pip": _pip, "make": _make}
