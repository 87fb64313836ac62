"""``openaffect generate``: text with an emotion."""

from __future__ import annotations

import argparse

from openaffect.types import OpenAffectError

from . import _dialogue, _exit, _screen, _writing
from ._parser import add_action, add_quiet

NAME = "generate"
HELP = "write with a chosen emotion"
EXAMPLES = (
    ("openaffect generate text 'The train was late.' --emotion joy", "go on from a beginning"),
    ("openaffect generate text 'It rained.' --emotion joy:.6,surprise:.4", "a blend"),
    ("openaffect generate text 'We met again.' --emotion 'neutral->fear->relief'", "an arc"),
    ("openaffect generate text 'I came home.' --emotion fear --out text.json", "with its origin"),
    (
        "openaffect generate text 'I ran.' --server http://localhost:11434/v1 --model llama3",
        "a server",
    ),
    (
        "openaffect generate text 'The sea was calm.' --emotion fear --persona 'an old sailor'",
        "somebody's voice",
    ),
    ("openaffect generate rewrite letter.txt --emotion joy", "say a text with another emotion"),
    (
        "openaffect generate rewrite letter.txt --emotion sadness --intensity .4 --out sad.txt",
        "a little, into a file",
    ),
    ("openaffect generate rewrite 'The bus was late.' --emotion anger", "a text as it stands here"),
    ("echo 'The bus was late.' | openaffect generate rewrite - --emotion anger", "from a pipe"),
    *_dialogue.EXAMPLES,
    ("openaffect generate methods", "the ways of steering, and the partners in a dialogue"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = add_action(actions, "text", "go on from a beginning", EXAMPLES, act=_text)
    text.add_argument(
        "prompt", metavar="PROMPT",
        help="the beginning: a text itself, a text file, or - for standard input",
    )  # fmt: skip
    _writing.add_emotion(text, "neutral")
    text.add_argument("--topic", default="", help="what it is to be about")
    text.add_argument(
        "--length", type=int, default=60, metavar="TOKENS",
        help="at most, about three quarters of a word each; below 32 the text is cut back to its "
        "last whole sentence or word (default: 60)",
    )  # fmt: skip
    text.add_argument(
        "--candidates", type=int, default=1, help="to choose the best from, 1 to 64 (default: 1)"
    )
    text.add_argument("--ban", default="", metavar="WORDS", help="that must not occur")
    _writing.add_style(text)
    _writing.add_model(text)
    _writing.add_stream(text)
    _writing.add_out(text)
    add_quiet(text)
    rewrite = add_action(
        actions, "rewrite", "say a text with another emotion, its names and numbers kept", EXAMPLES,
        act=_rewrite,
    )  # fmt: skip
    rewrite.add_argument(
        "text", metavar="TEXT", help="a text file, a text itself, or - for standard input"
    )
    _writing.add_emotion(rewrite)
    rewrite.add_argument(
        "--similarity", type=float, default=0.75, metavar="S",
        help="to the source, at least, sentence by sentence (cosine, default: 0.75)",
    )  # fmt: skip
    rewrite.add_argument(
        "--candidates", type=int, default=3, help="clauses that the model writes for a sentence"
    )
    _writing.add_style(rewrite, voice=False)
    _writing.add_model(rewrite)
    _writing.add_stream(rewrite)
    _writing.add_out(rewrite)
    add_quiet(rewrite)
    _dialogue.add_actions(actions)
    listing = add_action(
        actions, "methods", "list the ways of steering and the partners", EXAMPLES, act=_methods
    )
    add_quiet(listing)


def run(args: argparse.Namespace) -> int:
    """Do what the action says."""
    result: int = args.act(args)
    return result


def _text(args: argparse.Namespace) -> int:
    from openaffect.generate._request import TextRequest
    from openaffect.pipeline.generate_text import text_generator

    prompt = _writing.source(args.prompt)
    try:
        request = TextRequest(
            prompt=prompt,
            emotion=args.emotion,
            intensity=args.intensity,
            topic=args.topic,
            length=args.length,
            seed=args.seed,
            candidates=args.candidates,
            banned=tuple(args.ban.replace(",", " ").split()),
            style=_writing.style(args),
        )
    except OpenAffectError as error:
        _screen.notice(str(error))
        return _exit.USAGE
    _writing.check_out(args)
    before = request.prompt.strip()
    if not args.server:
        _writing.note_language(before, args.quiet)
    with _screen.Progress(quiet=args.quiet) as progress:
        generator = text_generator(
            model=args.model, method=args.method, server=args.server, progress=progress
        )
    result = _writing.shown(generator(request), stream=args.stream, before=before)
    return _writing.told(result, args, before=before)


def _rewrite(args: argparse.Namespace) -> int:
    from openaffect.generate._rewriting import RewriteRequest
    from openaffect.pipeline.rewrite import rewriter

    text = _writing.source(args.text)
    try:
        request = RewriteRequest(
            text=text,
            emotion=args.emotion,
            intensity=args.intensity,
            similarity=args.similarity,
            candidates=args.candidates,
            seed=args.seed,
            style=_writing.style(args),
        )
    except OpenAffectError as error:
        _screen.notice(str(error))
        return _exit.USAGE
    _writing.check_out(args)
    with _screen.Progress(quiet=args.quiet) as progress:
        generator = rewriter(
            model=args.model, method=args.method, server=args.server, progress=progress
        )
    with _screen.Progress(quiet=args.quiet) as progress:
        each = _writing.counted(len(request.text), progress)
        result = _writing.shown(generator(request), stream=args.stream, each=each)
    if args.intensity and result.complete and not result.scores["changed"] and not args.quiet:
        _screen.notice(
            "no sentence was changed: one without a mark at its end, in a list or in quotes stays, "
            "and so does one that has no wording near enough (--similarity)"
        )
    return _writing.told(result, args)


def _methods(args: argparse.Namespace) -> int:
    from openaffect.pipeline.generate_text import methods
    from openaffect.pipeline.reply import partners

    _screen.show_table(
        ("option", "name", "what it does"),
        [
            *(("--method", name, item.help) for name, item in methods().items()),
            *(("--partner", name, item.help) for name, item in partners().items()),
        ],
    )
    return _exit.FINE
