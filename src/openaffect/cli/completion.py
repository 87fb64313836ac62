"""``openaffect completion``: what makes the shell complete commands, options and names."""

from __future__ import annotations

import argparse
from typing import Any

from openaffect.types import need

from . import _exit

NAME = "completion"
HELP = "print a completion script for bash, zsh or fish"
EXAMPLES = (
    ("openaffect completion bash > ~/.local/share/bash-completion/completions/openaffect", "bash"),
    ("openaffect completion zsh > ~/.zfunc/_openaffect", "zsh (with ~/.zfunc in fpath)"),
    ("openaffect completion fish > ~/.config/fish/completions/openaffect.fish", "fish"),
)
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=SHELLS, help="which shell")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    from . import _parser

    parser = _parser.build()
    print(_fish(parser) if args.shell == "fish" else _shtab(parser, args.shell))
    return _exit.FINE


def _shtab(parser: argparse.ArgumentParser, shell: str) -> str:
    shtab: Any = need("shtab", extra="completion")
    return str(shtab.complete(parser, shell=shell))


def _fish(parser: argparse.ArgumentParser) -> str:
    """Walk the parser: the library used for the other shells does not write fish."""
    lines = ["complete -c openaffect -f"]
    for name, sub in _subcommands(parser).items():
        lines.append(_fish_word("__fish_use_subcommand", name, sub))
        lines += _fish_command(f"__fish_seen_subcommand_from {name}", sub)
    return "\n".join(lines)


def _fish_command(inside: str, parser: argparse.ArgumentParser) -> list[str]:
    """Return the options of a command and of its own actions; ``inside`` tells that it is there."""
    lines: list[str] = []
    actions = _subcommands(parser)
    chosen = f"__fish_seen_subcommand_from {' '.join(actions)}"
    for name, sub in actions.items():
        lines.append(_fish_word(f"{inside}; and not {chosen}", name, sub))
        lines += _fish_command(f"{inside}; and __fish_seen_subcommand_from {name}", sub)
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            lines += _fish_option(_quoted(inside), action)
    return lines


def _fish_word(condition: str, name: str, parser: argparse.ArgumentParser) -> str:
    about = _quoted(parser.description or name)
    return f"complete -c openaffect -n {_quoted(condition)} -a {name} -d {about}"


def _fish_option(condition: str, action: argparse.Action) -> list[str]:
    about = _quoted((action.help or "").split(";")[0])
    choices = " ".join(str(choice) for choice in action.choices or ())
    start = f"complete -c openaffect -n {condition}"
    if not action.option_strings:
        if choices:
            return [f"{start} -a {_quoted(choices)}"]
        return [f"{start} -F"]
    long = next((o for o in action.option_strings if o.startswith("--")), "")
    line = f"{start} -l {long.removeprefix('--')} -d {about}"
    if choices:
        return [f"{line} -x -a {_quoted(choices)}"]
    return [line if action.nargs == 0 else f"{line} -r -F"]


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
