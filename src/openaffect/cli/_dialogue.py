"""The actions ``reply`` and ``chat`` of ``openaffect generate``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openaffect.types import OpenAffectError

from . import _exit, _screen, _writing
from ._parser import add_action, add_quiet

if TYPE_CHECKING:
    from openaffect.generate._dialogue import ReplyRequest, Turn
    from openaffect.pipeline.reply import Replier
    from openaffect.types import Generated

EXAMPLES = (
    ("openaffect generate reply 'I lost my keys and I am so tired.'", "answer one message"),
    ("openaffect generate reply talk.jsonl --out answer.json", "a dialogue, a JSON line a turn"),
    ("openaffect generate chat", "talk with it; /help inside"),
    ("openaffect generate chat --tone 'warm and short' --formality informal", "in a manner"),
    ("openaffect generate chat --save talk.jsonl", "and keep the dialogue"),
)
_HELP = """\
  /help         this list
  /forget       begin anew; what was said is forgotten
  /save FILE    write the dialogue, a JSON line a turn
  /quit         leave (Ctrl-D and Ctrl-C at the prompt do too)
Ctrl-C while it writes stops the reply."""
_THEIRS, _OURS = "you", "openaffect"
_KEPT = 200
"""Turns of a chat that are kept; the model reads as many of the last ones as it can."""


def add_actions(actions: Any) -> None:
    """Declare both actions."""
    reply = add_action(
        actions, "reply", "answer a dialogue with empathy, naming the emotion that was heard",
        EXAMPLES, act=_reply,
    )  # fmt: skip
    reply.add_argument(
        "dialogue", metavar="DIALOGUE",
        help='what was said, in words or JSON lines {"speaker": ..., "text": ...}; a file of such '
        "lines, or - for standard input",
    )  # fmt: skip
    reply.add_argument("--ours", default="", metavar="SPEAKER", help="who replies (default: found)")
    _add_settings(reply)
    _writing.add_stream(reply)
    _writing.add_out(reply)
    add_quiet(reply)
    chat = add_action(actions, "chat", "talk with a listener, turn by turn", EXAMPLES, act=_chat)
    _add_settings(chat)
    chat.add_argument("--save", type=Path, metavar="FILE", help="write the dialogue (JSON lines)")
    add_quiet(chat)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--partner", default="language", help="see: openaffect generate methods")
    parser.add_argument(
        "--intensity", type=float, default=0.3, help="how far a --method that steers does, 0 to 1"
    )
    parser.add_argument("--length", type=int, default=50, metavar="TOKENS", help="at most")
    parser.add_argument("--candidates", type=int, default=5, help="to choose the best from")
    _writing.add_style(parser)
    _writing.add_model(parser, "prompt")


def _reply(args: argparse.Namespace) -> int:
    try:
        request = _request(args, _turns(args.dialogue), args.seed)
    except OpenAffectError as error:
        _screen.notice(str(error))
        return _exit.USAGE
    _writing.check_out(args)
    _writing.note_language(request.last, args.quiet)
    _keep_the_log_apart(args)
    result = _writing.shown(_replier(args)(request), stream=args.stream)
    if not args.quiet:
        _screen.notice(_heard(result))
    return _writing.told(result, args)


def _turns(dialogue: str) -> tuple[Turn, ...]:
    """Return the turns of a file, of standard input or of a text; plain words are one turn."""
    from openaffect.generate._dialogue import Turn, read_dialogue

    if dialogue != "-" and _writing.is_file(dialogue):
        return read_dialogue(_writing.source(dialogue), dialogue)
    said, name = _writing.source(dialogue), "standard input" if dialogue == "-" else "the dialogue"
    return read_dialogue(said, name) if said.lstrip().startswith("{") else (Turn(_THEIRS, said),)


def _request(args: argparse.Namespace, turns: tuple[Turn, ...], seed: int) -> ReplyRequest:
    from openaffect.generate._dialogue import ReplyRequest

    return ReplyRequest(
        dialogue=turns,
        ours=getattr(args, "ours", _OURS),
        intensity=args.intensity,
        length=args.length,
        candidates=args.candidates,
        seed=seed,
        style=_writing.style(args),
    )


def _replier(args: argparse.Namespace) -> Replier:
    from openaffect.pipeline.reply import replier

    with _screen.Progress(quiet=args.quiet) as progress:
        return replier(
            partner=args.partner, model=args.model, method=args.method, server=args.server,
            progress=progress,
        )  # fmt: skip


def _keep_the_log_apart(args: argparse.Namespace) -> None:
    """Keep the log's notes of fixed replies out of a talk, whose own lines say the same."""
    if args.log_level == "warning":
        _screen.keep_off_terminal("openaffect.reply")


def _heard(result: Generated) -> str:
    """Return the line under a reply: what was heard, or why the reply is a fixed one."""
    if safety := result.scores.get("safety"):
        return f"a sign of {safety['sign']}: this reply is fixed, no model wrote it"
    heard = result.scores["heard"]
    return f"heard {heard['emotion']}, {heard['share']:.2f} by {heard['judge']}"


def _chat(args: argparse.Namespace) -> int:
    from openaffect.generate._dialogue import Turn
    from openaffect.io.output import check_output

    try:
        _request(args, (Turn(_THEIRS, "Hello."),), args.seed)
    except OpenAffectError as error:
        _screen.notice(str(error))
        return _exit.USAGE
    if args.save is not None:
        check_output(args.save)
    replier = _replier(args)
    _keep_the_log_apart(args)
    if not args.quiet:
        print("You are talking to a computer program, not to a person. /help shows what to type.")
    Chat(replier, lambda turns, seed: _request(args, turns, seed), args).run()
    return _exit.FINE


class Chat:
    """A dialogue at the terminal, or over standard input line by line."""

    def __init__(
        self,
        replier: Replier,
        request: Callable[[tuple[Turn, ...], int], ReplyRequest],
        args: argparse.Namespace,
    ) -> None:
        self._replier, self._request, self._args = replier, request, args
        self._turns: list[Turn] = []
        self._said = 0

    def run(self) -> None:
        """Take turns until the person leaves."""
        if sys.stdin.isatty():
            import readline  # noqa: F401  # line editing and history for input()
        while (line := self._read()) is not None:
            line = line.strip()
            if line.startswith("/"):
                if not self._command(line):
                    break
            elif line:
                self._answer(line)
        if self._args.save is not None and self._turns:
            self._save(self._args.save)
        elif self._args.save is not None:
            _screen.notice(f"nothing was said, and {self._args.save} is not written")

    def _read(self) -> str | None:
        try:
            return input("you> " if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            print()
            return None
        except UnicodeDecodeError:
            _screen.notice("that line is no text in UTF-8; nothing was taken in")
            return ""

    def _command(self, line: str) -> bool:
        """Do what a command says; false to leave."""
        word, _, rest = line.partition(" ")
        if word in ("/quit", "/exit"):
            return False
        if word == "/help":
            print(_HELP)
        elif word == "/forget":
            self._turns.clear()
            print("Forgotten.")
        elif word == "/save" and rest.strip():
            try:
                self._save(Path(rest.strip()))
            except OpenAffectError as error:
                _screen.notice(str(error))
        else:
            print(f"{word} is no command, or lacks its file.\n{_HELP}")
        return True

    def _answer(self, line: str) -> None:
        from openaffect.generate._dialogue import Turn

        _writing.note_language(line, self._args.quiet)
        turns = [*self._turns[-_KEPT:], Turn(_THEIRS, line)]
        try:
            chunks = self._replier(self._request(tuple(turns), self._args.seed + self._said))
            before = f"{_OURS}> " if sys.stdin.isatty() else ""
            result = _writing.shown(chunks, stream=True, before=before)
        except OpenAffectError as error:
            print()
            _screen.notice(str(error))
            return
        except KeyboardInterrupt:
            print("\n  (stopped)")
            return
        if not result.complete:
            print(f"  ({result.reason})", flush=True)
            return
        if not self._args.quiet:
            apart = "\n" if sys.stdin.isatty() else ""
            print(f"  ({_heard(result)}){apart}", flush=True)
        self._said += 1
        self._turns = [*turns, Turn(_OURS, result.text)]

    def _save(self, path: Path) -> None:
        from openaffect.io.output import atomic

        lines = [
            json.dumps(
                {"speaker": turn.speaker, "text": turn.text, "generated": turn.speaker == _OURS},
                ensure_ascii=False,
            )
            for turn in self._turns
        ]
        with atomic(path) as stream:
            stream.write("".join(f"{line}\n" for line in lines).encode())
        _screen.notice(f"wrote {path}")
