"""``openaffect doctor``: what is installed, cached, licensed and fast."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from openaffect.types import OpenAffectError

from . import _exit, _screen

NAME = "doctor"
HELP = "tell what is installed, cached, licensed and fast"
EXAMPLES = (
    ("openaffect doctor", "everything, with a measurement of a few seconds"),
    ("openaffect doctor --no-speed", "without the measurement"),
)
LIBRARIES = (
    ("numpy", "", "arrays"),
    ("onnxruntime", "", "runs our models"),
    ("ai-edge-litert", "", "runs the MediaPipe models"),
    ("opencv-python-headless", "", "pictures"),
    ("pillow", "", "picture files"),
    ("av", "", "video and sound files"),
    ("tokenizers", "", "words"),
    ("rich", "", "this table"),
    ("platformdirs", "", "where the cache is"),
    ("faster-whisper", "transcript", "transcripts"),
    ("pandas", "tables", "tables in Python"),
    ("pyarrow", "tables", "Parquet"),
    ("matplotlib", "report", "pictures of results"),
    ("shtab", "completion", "completion in the shell"),
    ("hibari-tts", "demo", "the voice of the demo"),
    ("torch", "train", "training"),
    ("openaffect-research", "research", "models for research"),
)
"""Distribution, extra that brings it (empty: always there), what for."""
_SECONDS = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be left out."""
    parser.add_argument("--no-speed", action="store_true", help="measure nothing")


def run(args: argparse.Namespace) -> int:
    """Print the tables; the exit code tells whether something that must be there is missing."""
    _screen.show_table(("machine", ""), _machine())
    rows, broken = _libraries()
    _screen.show_table(("library", "version", "for"), rows)
    problems = _models()
    if not args.no_speed:
        _screen.show_table(("speed", "batch", "one item"), _speeds())
    for problem in problems:
        _screen.notice(problem)
    return _exit.SOME_FAILED if broken or problems else _exit.FINE


def _machine() -> list[tuple[str, str]]:
    from openaffect import __version__
    from openaffect.models import Store

    store = Store()
    return [
        ("openaffect", __version__),
        ("Python", platform.python_version()),
        ("system", platform.platform()),
        ("processor cores", str(os.cpu_count())),
        ("cache of weights", str(store.root)),
        ("network", "not used (OPENAFFECT_OFFLINE)" if store.offline else "used to fetch weights"),
    ]


def _libraries() -> tuple[list[tuple[str, str, str]], bool]:
    """Return the table's rows, and whether a library that must be there is not."""
    rows, broken = [], False
    for name, extra, purpose in LIBRARIES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = f"not installed: pip install 'openaffect[{extra}]'" if extra else "MISSING"
            broken = broken or not extra
        rows.append((name, found, purpose))
    return rows, broken


def _models() -> tuple[str, ...]:
    from openaffect.models import listing
    from openaffect.models.catalogue import installed

    rows = [
        (
            line.name,
            "here" if line.cached else f"openaffect models pull {line.name}",
            _screen.megabytes(line.size),
            line.licence if line.commercial else f"{line.licence} (no commercial use)",
        )
        for line in listing()
    ]
    _screen.show_table(("model", "weights", "size", "licence"), rows)
    return installed().problems


def _speeds() -> list[tuple[str, str, str]]:
    from openaffect.models import Loader, Registry, Store

    loader = Loader(Registry({"recognize": "openaffect.recognize"}), Store(offline=True))
    rows = []
    for modality, batch, unit in _samples():
        try:
            recognizer = loader.load(modality)
            seconds = _seconds_a_run(lambda r=recognizer, b=batch: r(b))  # type: ignore[misc]
        except OpenAffectError as error:
            rows.append((modality, "not measured", str(error)))
            continue
        each = seconds / len(batch)
        rows.append(
            (recognizer.card.name, f"{len(batch) / seconds:.0f} {unit}/s", f"{1000 * each:.1f} ms")
        )
    return rows


def _samples() -> list[tuple[str, list[Any], str]]:
    """Return a batch of each modality, made up: speed does not depend on what is in it."""
    random = np.random.default_rng(0)
    faces = [random.integers(0, 255, (96, 96, 3), np.uint8) for _ in range(16)]
    voices = [random.normal(0, 0.1, 3 * 16_000).clip(-1, 1).astype(np.float32) for _ in range(2)]
    texts = ["I never thought that we would really get there, and now I am afraid."] * 16
    return [("face", faces, "faces"), ("speech", voices, "clips of 3 s"), ("text", texts, "texts")]


def _seconds_a_run(work: Callable[[], Any]) -> float:
    """Return the shortest time of a run, over about a second of them, after one to warm up."""
    work()
    best, end = float("inf"), time.perf_counter() + _SECONDS
    while time.perf_counter() < end:
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best
