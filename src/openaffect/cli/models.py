"""``openaffect models``: cards and weights."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openaffect.types import Card, OpenAffectError, OutputError

from . import _exit, _screen
from ._parser import add_action, add_quiet

if TYPE_CHECKING:
    import zipfile

    from openaffect.models import Store

NAME = "models"
HELP = "list, describe, fetch and remove the models"
EXAMPLES = (
    ("openaffect models list", "what is installed, with licence and size"),
    ("openaffect models card face-emotion", "one model's card: data, figures, limits"),
    ("openaffect models pull", "fetch everything an analysis needs, ahead of time"),
    ("openaffect models pull whisper-base", "fetch one"),
    ("openaffect models where", "the folder of the cache"),
    ("openaffect models bundle weights.zip", "pack for a machine without a network"),
    ("openaffect models clear whisper-base", "remove one from the cache"),
)
TRAINING = ("face.encoder", "text.encoder")
"""The tasks of cards that only training needs."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add_action(actions, "list", "one line a model", EXAMPLES, act=_list)
    one = add_action(actions, "card", "print one model's card", EXAMPLES, act=_card)
    one.add_argument("name", help="the card's name")
    one.add_argument("--json", action="store_true", help="as JSON")
    pull = add_action(
        actions, "pull", "fetch weights into the cache, verified", EXAMPLES, act=_pull
    )
    pull.add_argument(
        "names", nargs="*", metavar="NAME", help="cards (default: all but training's)"
    )
    add_quiet(pull)
    where = add_action(actions, "where", "print where weights are", EXAMPLES, act=_where)
    where.add_argument("names", nargs="*", metavar="NAME", help="cards (default: the cache folder)")
    clear = add_action(actions, "clear", "remove weights from the cache", EXAMPLES, act=_clear)
    clear.add_argument("names", nargs="*", metavar="NAME", help="cards (default: everything)")
    bundle = add_action(actions, "bundle", "pack weights into one .zip file", EXAMPLES, act=_bundle)
    bundle.add_argument("out", type=Path, metavar="FILE.zip", help="the archive to write")
    bundle.add_argument(
        "names", nargs="*", metavar="NAME", help="cards (default: all but training's)"
    )
    add_quiet(bundle)


def run(args: argparse.Namespace) -> int:
    """Do the action."""
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)


def _list(args: argparse.Namespace) -> int:
    from openaffect.models import listing
    from openaffect.models.catalogue import installed

    for problem in installed().problems:
        _screen.notice(f"left out: {problem}")

    rows = [
        (
            line.name,
            line.task,
            _screen.megabytes(line.size),
            "yes" if line.cached else "no",
            "yes" if line.commercial else "no",
            line.licence,
        )
        for line in listing()
    ]
    _screen.show_table(("name", "task", "size", "here", "commercial use", "licence"), rows)
    return _exit.FINE


def _card(args: argparse.Namespace) -> int:
    from openaffect.models import card

    found = card(args.name)
    if args.json:
        print(json.dumps(found.to_dict(), indent=2))
        return _exit.FINE
    for name, value in found.to_dict().items():
        for line in _described(name, value):
            print(line)
    return _exit.FINE


def _described(name: str, value: object) -> list[str]:
    """Return the lines of one field of a card; an empty field has none."""
    if value in ("", [], {}, None):
        return []
    if isinstance(value, dict):
        return [f"{name}:", *(f"  {key}: {item}" for key, item in value.items())]
    if isinstance(value, list) and name != "labels":
        return [f"{name}:", *(f"  - {_entry(item)}" for item in value)]
    text = ", ".join(value) if isinstance(value, list) else value
    return [f"{name}: {text}"]


def _entry(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    return ", ".join(f"{key} {value}" for key, value in item.items() if value not in ("", []))


def _pull(args: argparse.Namespace) -> int:
    failed = 0
    chosen = _chosen(args.names)
    with _screen.Progress(quiet=args.quiet) as progress:
        store = _store()
        for card in chosen:
            try:
                path = store.fetch(card, progress=progress)
            except OpenAffectError as error:
                progress.pause()
                _screen.notice(str(error))
                failed += 1
                continue
            progress.pause()
            _screen.print_lines([(card.name, _screen.megabytes(card.size), path)])
    if failed:
        return _exit.SOME_FAILED if failed < len(chosen) else _exit.NOTHING_DONE
    return _exit.FINE


def _where(args: argparse.Namespace) -> int:
    from openaffect.models import card

    store = _store()
    if not args.names:
        print(store.root)
        return _exit.FINE
    missing = 0
    for name in args.names:
        found = card(name)
        for file in found.files:
            path = store.locate(found, file.role)
            missing += path is None
            _screen.print_lines([(name, file.role, path or "not here")])
    return _exit.SOME_FAILED if missing else _exit.FINE


def _clear(args: argparse.Namespace) -> int:
    from openaffect.models import card

    store = _store()
    freed = sum(store.clear(card(name)) for name in args.names) if args.names else store.clear()
    print(f"{_screen.megabytes(freed)} freed")
    return _exit.FINE


def _bundle(args: argparse.Namespace) -> int:
    """Pack the files as NAME/FILE; unpacked anywhere, OPENAFFECT_WEIGHTS finds them."""
    import zipfile

    store = _store()
    draft = args.out.with_name(args.out.name + ".part")
    packed: set[str] = set()
    failed = 0
    try:
        with (
            _screen.Progress(quiet=args.quiet) as progress,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive,
        ):
            for card in _chosen(args.names):
                failed += not _pack(card, store, archive, packed, progress)
        draft.replace(args.out)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise OutputError(
            f"{args.out} cannot be written: {error.strerror or error}; name a file where "
            "you may write to"
        ) from error
    print(f"{args.out}: {len(packed)} files, {_screen.megabytes(args.out.stat().st_size)}")
    print("On the other machine: unpack it and set OPENAFFECT_WEIGHTS to that folder.")
    return _exit.SOME_FAILED if failed else _exit.FINE


def _pack(
    card: Card,
    store: Store,
    archive: zipfile.ZipFile,
    packed: set[str],
    progress: _screen.Progress,
) -> bool:
    try:
        for file in card.files:
            name = f"{card.name}/{file.name}"
            path = store.fetch(card, file.role, progress)
            if name not in packed:
                archive.write(path, name)
                packed.add(name)
    except OpenAffectError as error:
        progress.pause()
        _screen.notice(str(error))
        return False
    return True


def _chosen(names: Sequence[str]) -> list[Card]:
    from openaffect.models import card

    return [card(name) for name in names] if names else default_cards()


def default_cards() -> list[Card]:
    """Return the cards with weights, without those that only training needs."""
    from openaffect.models import cards

    return [item for item in cards().values() if item.files and item.task not in TRAINING]


def _store() -> Store:
    from openaffect.models import Store as TheStore

    return TheStore()
