"""Analyse a clip and tell how much processor time each stage took.

    python benchmarks/_stages.py CLIP WORDS EVERY

prints one line of JSON: seconds by stage, those of the whole process, frames and seconds of the
clip. Stages are timed by wrapping the functions that do them, each in the thread that runs it and
without the stages inside it; models run on one thread each, so that nothing is done elsewhere.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STAGES = {
    "decode pictures": ("openaffect.io.video:read_frames",),
    "detect faces": ("openaffect.preprocess.face_detect:detect_faces",),
    "lay the mesh": ("openaffect.preprocess.face_mesh:mesh",),
    "blendshapes": ("openaffect.preprocess.face_blendshapes:blendshapes",),
    "align, pose, quality": (
        "openaffect.preprocess.face_align:align",
        "openaffect.preprocess.face_pose:head_pose",
        "openaffect.preprocess.face_quality:quality",
    ),
    "find faces, the rest": ("openaffect.pipeline.face_finder:FaceFinder.__call__",),
    "track": ("openaffect.preprocess.track:Tracker.update",),
    "emotion of faces": ("openaffect.recognize.face_emotion:FaceEmotion.__call__",),
    "other rows of faces": ("openaffect.pipeline.faces:_recognized",),
    "decode sound": ("openaffect.io.audio:read_audio",),
    "voice activity": (
        "openaffect.preprocess.speech_activity:ActivityDetector.feed",
        "openaffect.preprocess.speech_activity:ActivityDetector.finish",
    ),
    "emotion of the voice": ("openaffect.recognize.speech_emotion:SpeechEmotion.__call__",),
    "other measures of the voice": ("openaffect.pipeline.voice:listen",),
    "words": ("openaffect.pipeline.words:read",),
    "work folder": (
        "openaffect.pipeline.spill:Spill.append",
        "openaffect.pipeline.spill:Spill.collect",
    ),
    "fuse": ("openaffect.pipeline.run:joined",),
    "write results": ("openaffect.pipeline.outputs:write_outputs",),
    "load models": ("openaffect.models.weights:CardWeights.session",),
    "the rest": ("openaffect.pipeline.analyze:Analyzer.__call__",),
}
"""What does each stage, as module:name. A name that is gone is an error: the table would lie."""


class Clock:
    """Processor time by stage, each thread's own, without that of the stages inside."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._local = threading.local()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block to a stage."""
        inside = getattr(self._local, "inside", None)
        if inside is None:
            inside = self._local.inside = []
        begun = time.thread_time()
        inside.append(0.0)
        try:
            yield
        finally:
            spent = time.thread_time() - begun
            self.seconds[name] += spent - inside.pop()
            if inside:
                inside[-1] += spent

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, counted; of a generator every step."""

        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            with self.stage(name):
                answer = function(*given, **named)
            return self._steps(name, answer) if isinstance(answer, Iterator) else answer

        return timed

    def _steps(self, name: str, items: Iterator[Any]) -> Iterator[Any]:
        try:
            while True:
                with self.stage(name):
                    try:
                        item = next(items)
                    except StopIteration:
                        return
                yield item
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()


def install(clock: Clock) -> None:
    """Put the clock around every stage."""
    for stage, places in STAGES.items():
        for place in places:
            module, _, path = place.partition(":")
            owner: Any = importlib.import_module(module)
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            setattr(owner, name, clock.wrap(stage, getattr(owner, name)))


def main() -> None:
    clip, words, every = sys.argv[1:]
    clock = Clock()
    install(clock)
    import cv2

    from openaffect.pipeline.analyze import Analyzer
    from openaffect.pipeline.options import Options
    from openaffect.pipeline.outputs import write_outputs

    cv2.setNumThreads(1)
    step = None if every == "all" else float(every)
    analyzer = Analyzer(Options(every=step, transcript=False, threads=1, words=words))
    begun = time.process_time()
    analysis = analyzer(clip)
    with tempfile.TemporaryDirectory() as folder:
        write_outputs(analysis, Path(folder), "clip", ("csv", "json"))
    whole = time.process_time() - begun
    told = {
        "stages": dict(clock.seconds),
        "whole": whole,
        "frames": len(set(analysis["face.pose"].span[:, 0].tolist())),
        "seconds": float(analysis.facts["duration"]),
        "timelines": list(analysis.timelines),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
