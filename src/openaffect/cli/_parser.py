"""The command line's grammar, built from the command modules found in this folder."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from openaffect.types import did_you_mean

from . import _exit

LOG_LEVELS = ("debug", "info", "warning", "error")


class Command(Protocol):
    """What a command file offers.

    ``NAME`` the word on the command line, ``HELP`` one sentence, ``EXAMPLES`` pairs of a command
    line and what it does.
    """

    NAME: str
    HELP: str
    EXAMPLES: Sequence[tuple[str, str]]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return an exit code."""
        ...


class Parser(argparse.ArgumentParser):
    """An argument parser that names the nearest command when one is misspelt."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and refuse what is unknown here, where the action's own help can be named."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Print the message and where the help is, and leave with the usage code."""
        said, _, rest = message.partition("unrecognized arguments: ")
        if not said and rest and not rest.startswith("-"):
            message += " (a text, or a name with spaces, goes in quotes)"
        self.exit(_exit.USAGE, f"{self.prog}: {message}\nSee: {self.prog} --help\n")


def command_names() -> list[str]:
    """Return the names of the commands: the files of this folder without a leading underscore."""
    folder = str(Path(__file__).parent)
    return sorted(
        item.name for item in pkgutil.iter_modules([folder]) if not item.name.startswith("_")
    )


def command(name: str) -> Command:
    """Import one command's file."""
    return cast(Command, importlib.import_module(f"openaffect.cli.{name}"))


def examples(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the examples as the help shows them."""
    lines = [f"  {line}\n      {meaning}" for line, meaning in pairs]
    return "examples:\n" + "\n".join(lines)


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command takes."""
    parser.add_argument(
        "--log-level", choices=LOG_LEVELS, default="warning", help="what is logged to stderr"
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add ``--quiet`` to a command that has progress or notices to keep to itself."""
    parser.add_argument("--quiet", action="store_true", help="no progress and no notices")


def build(only: str | None = None) -> Parser:
    """Return the parser of all commands, or of the one named ``only`` (a faster start)."""
    parser = Parser(
        prog="openaffect",
        description="Recognise emotion in faces, speech and text, offline.",
        epilog=_exit.table() + "\n\nopenaffect COMMAND --help shows examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in [only] if only else command_names():
        add_command(commands, command(name))
    return parser


def add_command(commands: argparse._SubParsersAction[Parser], module: Command) -> None:
    """Add one command's own parser."""
    sub = commands.add_parser(
        module.NAME,
        help=module.HELP,
        description=module.HELP,
        epilog=examples(module.EXAMPLES) + "\n\n" + _exit.table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(sub)
    add_common(sub)
    sub.set_defaults(run=module.run)


def add_action(
    actions: Any, name: str, about: str, every: Sequence[tuple[str, str]], **defaults: Any
) -> argparse.ArgumentParser:
    """Add a command's action; of ``every`` example of the command it shows its own."""
    own = [pair for pair in every if pair[0].split()[2] == name]
    parser: argparse.ArgumentParser = actions.add_parser(
        name,
        help=about,
        description=about,
        epilog=examples(own),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(**defaults)
    return parser


def chosen(arguments: Sequence[str]) -> str | None:
    """Return the command that ``arguments`` start with; an unknown one is a usage error."""
    first = next(iter(arguments), "")
    if not first or first.startswith("-"):
        return None
    names = command_names()
    if first in names:
        return first
    Parser(prog="openaffect").error(
        f"no command is called {first!r}{did_you_mean(first, names)} Commands: {', '.join(names)}"
    )
