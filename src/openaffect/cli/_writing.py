"""What the actions of ``openaffect generate`` share: options, chunks on the screen, results."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from openaffect.generate._defaults import DEFAULT_METHOD, DEFAULT_MODEL

from . import _exit, _screen

if TYPE_CHECKING:
    from openaffect.generate._style import Style
    from openaffect.types import Chunk, Generated


Each = Callable[["Chunk"], None]
_NAME = re.compile(
    r".+\.(?:txt|text|md|rst|jsonl?|csv|tsv|eml|html?|docx?|odt|pdf|rtf|srt|vtt|log)|\S*/\S*",
    re.IGNORECASE,
)
"""What is meant for a file, whether or not it is there."""
_FIXED = {
    "fixed: safety": "a fixed reply",
    "fixed: no person": "a fixed reply: somebody asks whether this is a person",
    "fixed: fallback": "a fixed reply: no whole sentence that was offered may be said; another "
    "--seed or a larger --length may offer one",
}
"""What replies are that no model wrote, by their method."""


def add_emotion(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Add which emotion, and how strongly; required without a default."""
    parser.add_argument(
        "--emotion", default=default, required=default is None,
        help="a name, a blend (joy:.6,surprise:.4), a point (valence:.5,arousal:-.2) or an arc "
        "(neutral->fear->relief)",
    )  # fmt: skip
    parser.add_argument(
        "--intensity",
        type=float,
        default=0.8,
        help="0 (as it is) to 1 (default: 0.8)",
    )


def add_model(parser: argparse.ArgumentParser, method: str = DEFAULT_METHOD) -> None:
    """Add which model, and how it is steered."""
    parser.add_argument("--seed", type=int, default=0, help="of every random draw")
    parser.add_argument("--method", default=method, help="see: openaffect generate methods")
    parser.add_argument("--server", default="", metavar="URL", help="OpenAI-compatible, up to /v1")
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="a card, a GGUF file, a folder; a server's name"
    )


def add_style(parser: argparse.ArgumentParser, *, voice: bool = True) -> None:
    """Add the manner of writing; ``voice`` for a persona and a tone too."""
    if voice:
        parser.add_argument("--persona", default="", help="whose voice: 'an old sailor'")
        parser.add_argument("--tone", default="", help="in words: 'warm', 'dry and short'")
    parser.add_argument("--formality", default="", choices=("formal", "informal"))
    parser.add_argument(
        "--slips", type=float, default=0.0, metavar="SHARE",
        help="of the words mistyped, 0 to .5 (default: none)",
    )  # fmt: skip
    parser.add_argument(
        "--hesitations", type=float, default=0.0, metavar="SHARE",
        help="of the words with an um or a well before them, 0 to .5 (default: none)",
    )  # fmt: skip


def style(args: argparse.Namespace) -> Style:
    """Return the manner of writing that was asked for."""
    from openaffect.generate._style import Style

    return Style(
        persona=getattr(args, "persona", ""),
        tone=getattr(args, "tone", ""),
        formality=args.formality,
        slips=args.slips,
        hesitations=args.hesitations,
    )


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add where the result goes."""
    parser.add_argument(
        "--out", type=_file, metavar="FILE",
        help="write the text there and its origin and scores beside it (FILE.json); a name that "
        "ends in .json takes both",
    )  # fmt: skip


def check_out(args: argparse.Namespace) -> None:
    """Find out whether the result can be written, before the work begins.

    Raises :class:`OutputError` where it cannot.
    """
    from openaffect.io.output import check_output

    for path in _places(args.out) if args.out is not None else ():
        check_output(path)


def _file(name: str) -> Path:
    if name in ("", "-"):
        raise argparse.ArgumentTypeError(
            f"{name!r} is no file's name; without --out the text goes to standard output alone"
        )
    return Path(name)


def add_stream(parser: argparse.ArgumentParser) -> None:
    """Add whether the text is shown as it comes."""
    parser.add_argument(
        "--stream", action=argparse.BooleanOptionalAction, default=None,
        help="show the text piece by piece as it comes (default: on a terminal)",
    )  # fmt: skip


def source(words: str) -> str:
    """Return the text of a file, of standard input for ``-``, or the words where they are none."""
    from openaffect.generate._rewriting import LONGEST
    from openaffect.io.text import decode, read_text

    if words == "-":
        return decode(sys.stdin.buffer.read(4 * LONGEST + 4), Path("standard input"))
    return read_text(words) if is_file(words) else words


def is_file(words: str) -> bool:
    """Tell whether words name a file or a folder, or look like the name of what is not there."""
    try:
        there = bool(words) and Path(words).exists()
    except (OSError, ValueError):  # too long for a name, or a NUL in it
        return False
    return there or _NAME.fullmatch(words) is not None


def note_language(text: str, quiet: bool) -> None:
    """Say so when a text looks like a language that the models here were not made for."""
    from openaffect.preprocess.text_language import language_of

    if not quiet and (language := language_of(text[:5000])) != "eng":
        _screen.notice(
            f"the text looks like another language ({language}); the models here know English: "
            "do not rely on what comes"
        )


def comes_in_pieces(stream: bool | None) -> bool:
    """Tell whether a text is shown as it comes: as asked, else on a terminal."""
    return sys.stdout.isatty() if stream is None else stream


def shown(
    chunks: Iterator[Chunk], *, stream: bool | None, before: str = "", each: Each | None = None
) -> Generated:
    """Print a text, as it comes or at its end, and return the result.

    An interruption while a piece is printed is handed to what makes the pieces, as one that comes
    while it works: it ends with what there is. ``each`` is called with every piece that is not
    shown as it comes.
    """
    as_it_comes = comes_in_pieces(stream)
    flow = _screen.Flow()
    pieces = [before]
    result: Generated | None = None
    if as_it_comes:
        flow(before)
        pieces.clear()
    stopped = False
    while result is None:
        try:
            chunk = chunks.throw(KeyboardInterrupt) if stopped else next(chunks)  # type: ignore[attr-defined]
            pieces.append(chunk.text)
            result = chunk.result
            if as_it_comes:
                flow(pieces.pop())
            elif each is not None:
                each(chunk)
        except KeyboardInterrupt:
            if stopped:
                raise
            stopped = result is None
    flow("".join(pieces))
    flow.end()
    print("" if result.text.endswith("\n") else "\n", end="", flush=True)
    return result


def counted(total: int, progress: _screen.Progress) -> Each:
    """Return what shows how many of about ``total`` characters are done."""
    done = 0

    def count(chunk: Chunk) -> None:
        nonlocal done
        done += len(chunk.text)
        progress("rewriting", min(done, total), total)

    return count


def told(result: Generated, args: argparse.Namespace, before: str = "") -> int:
    """Say where a text comes from and how it was judged, write it, and return the exit code.

    ``before`` is what the text goes on from; a file of the text alone begins with it.
    """
    if not args.quiet:
        _screen.notice(_origin(result))
    if args.out is not None:
        for path in written(result, args.out, before):
            if not args.quiet:
                _screen.notice(f"wrote {path}")
    if not result.complete:
        _screen.notice(f"the text is cut off: {result.reason}")
        return _exit.INTERRUPTED if result.reason == "interrupted" else _exit.SOME_FAILED
    return _exit.FINE


def written(result: Generated, path: Path, before: str = "") -> tuple[Path, ...]:
    """Write a text with its origin beside it, or both into one JSON file; return the files."""
    from openaffect.io.output import atomic

    places = _places(path)
    with atomic(places[0]) as stream:
        stream.write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False).encode())
    for place in places[1:]:
        with atomic(place) as stream:
            stream.write(f"{before}{result.text}".encode())
    return places


def _places(path: Path) -> tuple[Path, ...]:
    """Return the file of the origin and that of the text, which are one where it ends in .json.

    The origin comes first, so that no text stands anywhere without it.
    """
    return (path,) if path.suffix.lower() == ".json" else (Path(f"{path}.json"), path)


def _origin(result: Generated) -> str:
    scores, asked = result.scores, result.request
    method = result.made_by["method"]
    made = _FIXED.get(method, f"generated by {result.made_by['model']} ({method})")
    parts = [made]
    if "emotion" in asked:
        parts.append(f"{asked['emotion']} at {asked['intensity']:g}")
    if stages := scores.get("stages"):
        each = ", ".join(f"{stage['emotion']} {stage['target']:.2f}" for stage in stages)
        parts.append(f"judged part by part {each} by {scores['judge']}")
    elif "target" in scores:
        parts.append(f"judged {scores['target']:.2f} by {scores['judge']}")
    if "similarity" in scores:
        parts.append(f"similarity {scores['similarity']:.2f}")
    return ", ".join(parts)
