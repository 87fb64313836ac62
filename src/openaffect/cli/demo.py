"""``openaffect demo``: a talking face that anybody may use, made and analysed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from openaffect.types import OpenAffectError, need

from . import _exit, _findings, _screen
from ._parser import add_quiet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from openaffect.pipeline.task import Outcome

NAME = "demo"
HELP = "make a short talking-face clip and analyse it"
EXAMPLES = (("openaffect demo --out out", "clip, tables and picture under out/"),)
SENTENCES = (
    "What a wonderful surprise! I never thought that we would really get there. "
    "And now, honestly, I am a little afraid of what comes next."
)
CLIP = "talking-face.mp4"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="FOLDER", help="(default: out)"
    )
    add_quiet(parser)


def run(args: argparse.Namespace) -> int:
    """Fetch the weights, make the clip, analyse it, and say where and what was found."""
    with _screen.Progress(quiet=args.quiet) as progress:
        print("1 of 3: getting the weights")
        _fetch_weights(progress)
        print("2 of 3: making a talking face")
        clip = make_clip(args.out / CLIP, progress)
        print("3 of 3: analysing it")
        outcome = _analyze(clip, args.out, progress)
    if outcome.status == "failed":
        _screen.notice(f"{clip}: {outcome.error}")
        return _exit.NOTHING_DONE
    picture = _draw(outcome)
    _screen.show_table(
        _findings.COLUMNS, [_findings.overview(line) for line in outcome.summary], title=str(clip)
    )
    print(
        f"{args.out}/: the clip {clip.name}, {len(outcome.files)} tables, the picture "
        f"{picture.name}; found {_findings.sentence(outcome.summary)}"
    )
    return _exit.FINE


def make_clip(path: Path, progress: _screen.Progress) -> Path:
    """Make the clip: a public-domain photograph, and a sentence by a free voice."""
    from openaffect.io.image import read_image
    from openaffect.models import Store

    from ._clip import write_clip
    from ._talking_face import FRAME_RATE, PHOTOGRAPH, frames, mouth_opening

    photograph = read_image(Store().fetch(PHOTOGRAPH, "photograph", progress))
    samples, rate = _spoken(SENTENCES)
    opening = mouth_opening(samples, rate)
    write_clip(path, frames(photograph, opening), frame_rate=FRAME_RATE, samples=samples, rate=rate)
    return path


def _spoken(text: str) -> tuple[NDArray[np.float32], int]:
    """Return the sentence as sound, with a little quiet before and after it."""
    voice = need("hibari", extra="demo").Hibari()
    rate = 24_000
    quiet = np.zeros(int(0.4 * rate), np.float32)
    return np.concatenate([quiet, np.asarray(voice(text, seed=0), np.float32), quiet]), rate


def _fetch_weights(progress: _screen.Progress) -> None:
    """Fetch what an analysis needs; what cannot be had is named and left out."""
    from openaffect.models import Store

    from .models import default_cards

    store = Store()
    missing: dict[str, OpenAffectError] = {}
    for card in default_cards():
        try:
            store.fetch(card, progress=progress)
        except OpenAffectError as error:
            missing[card.name] = error
    if missing:
        progress.pause()
        _screen.notice(f"goes on without {', '.join(missing)}: {next(iter(missing.values()))}")


def _analyze(clip: Path, out: Path, progress: _screen.Progress) -> Outcome:
    from openaffect.pipeline.batch import analyze_many

    return next(iter(analyze_many([clip], out=out, formats=("csv", "json"), progress=progress)))


def _draw(outcome: Outcome) -> Path:
    from . import _pictures

    result = next(path for path in outcome.files if path.suffix == ".json")
    return _pictures.draw(result, result.with_suffix(".png"))
