"""The command ``openaffect``: one file a command, found by listing this folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (the codes stand in ``--help``)."""
    from openaffect.types import OpenAffectError

    from . import _exit, _parser

    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        parser = _parser.build(_parser.chosen(arguments))
        args = parser.parse_args(arguments)
        if args.version:
            return _print_version()
        if args.command is None:
            parser.print_help()
            return _exit.USAGE
        _log(args.log_level)
        return int(args.run(args))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else _exit.USAGE
    except KeyboardInterrupt:
        print("openaffect: interrupted; what was finished is kept", file=sys.stderr)
        return _exit.INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return _exit.FINE
    except OpenAffectError as error:
        print(f"openaffect: {error}", file=sys.stderr)
        return _exit.NOTHING_DONE


def _print_version() -> int:
    from openaffect import __version__

    print(f"openaffect {__version__}")
    return 0


def _log(level: str) -> None:
    import logging

    logging.basicConfig(level=level.upper(), format="%(levelname)s %(name)s: %(message)s")


def _silence_stdout() -> None:
    """Stop the interpreter from complaining when the reader of a pipe has gone."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
