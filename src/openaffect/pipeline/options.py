"""How an input is to be analysed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from openaffect.io.kinds import find
from openaffect.types.errors import (
    InvalidValueError,
    SourceNotFoundError,
    UnknownNameError,
    nearest,
)

MODALITIES = ("face", "speech", "text")
LICENCES = ("any", "permissive")
DEVICES = ("cpu", "cuda")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of :func:`openaffect.analyze`.

    Fields
    ------
    modality: ``face``, ``speech`` or ``text`` to look at that alone; ``None`` for all there is.
    every: seconds between the frames looked at in a video; ``None`` for every frame.
    transcript: ``True`` to transcribe speech (fetching the weights when needed), ``False`` to leave
        it out, ``None`` to transcribe where the weights are on this machine already.
    license: ``any``, or ``permissive`` for models whose weights may be used commercially.
    device: ``cpu``, or ``cuda`` where the inference runtime has it.
    threads: frames of a video looked at at once, and threads of the other models; 0 for one a
        core, at most 4.
    anonymize: asks that whatever is drawn from the result has its faces blurred; kept in the facts
        as ``anonymize``. No picture of anybody is ever stored in a result.
    column: the column of a table that holds the text.
    smooth: seconds of the window over which emotion of faces and voices is smoothed in time before
        streams are fused (:mod:`.smoothing`); ``None`` leaves it as it is.
    baseline: ``auto`` to take each person's resting face off their emotions, as far as the
        recording tells it; a path to an analysis of that person calm, or to the numbers of such
        (:mod:`.neutral_baseline`); ``None`` leaves them as they are.
    words: a path to subtitles (.srt, .vtt) of the recording, which stand in for a transcript.
    speaker: a recording, folder or pattern of other recordings of the one person who speaks, best
        in several moods and without labels; what they have in common is taken off before emotion
        is heard (``SpeechEmotion.for_speaker``). ``None`` where nothing is known of the speakers.
    dialogue: the column of a table that says who speaks: the table's rows are then the lines of one
        dialogue, in order, and read with what was said before them as well.
    roles: also tell who feels what about whom in an English text (``text.roles``).
    """

    modality: str | None = None
    every: float | None = 0.2
    transcript: bool | None = None
    license: str = "any"
    device: str = "cpu"
    threads: int = 0
    anonymize: bool = False
    column: str | None = None
    smooth: float | None = None
    baseline: str | None = None
    words: str | None = None
    speaker: str | None = None
    dialogue: str | None = None
    roles: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (
            ("modality", self.modality, (None, *MODALITIES)),
            ("license", self.license, LICENCES),
            ("device", self.device, DEVICES),
        ):
            if value not in known:
                names = [item for item in known if item is not None]
                raise UnknownNameError(
                    f"{name} {value!r} is none of {', '.join(names)}{nearest(str(value), names)}"
                )
        if self.every is not None and not 0 < self.every < float("inf"):
            raise InvalidValueError(
                f"every is {self.every}; give a positive number of seconds, or None for each frame"
            )
        if self.smooth is not None and not 0 < self.smooth < float("inf"):
            raise InvalidValueError(
                f"smooth is {self.smooth}; give a positive number of seconds, or None"
            )
        if self.baseline not in (None, "auto") and not Path(str(self.baseline)).is_file():
            raise SourceNotFoundError(
                f"baseline {self.baseline} is no file; give 'auto', or the .json that `openaffect "
                "analyze --format json` wrote of that person calm"
            )
        if self.words is not None and not Path(self.words).is_file():
            raise SourceNotFoundError(
                f"words {self.words} is no file; give the subtitles of the recording (.srt, .vtt)"
            )
        if self.speaker is not None:
            next(find([self.speaker]))
        if self.threads < 0:
            raise InvalidValueError(f"threads is {self.threads}; give 0 (automatic) or more")

    def wants(self, modality: str) -> bool:
        """Tell whether that modality is to be looked at."""
        return self.modality in (None, modality)

    @property
    def thread_count(self) -> int:
        """Threads a model, the automatic choice resolved."""
        return self.threads or min(4, os.cpu_count() or 1)

    def key(self) -> str:
        """Return a text that differs whenever results may differ, by choice or by version."""
        from openaffect import __version__

        choices = asdict(self)
        del choices["threads"]
        if self.baseline not in (None, "auto"):
            content = Path(str(self.baseline)).read_bytes()
            choices["baseline"] = hashlib.sha256(content).hexdigest()
        if self.words is not None:
            choices["words"] = hashlib.sha256(Path(self.words).read_bytes()).hexdigest()
        if self.speaker is not None:
            choices["speaker"] = [(path.name, path.stat().st_size) for path in find([self.speaker])]
        return json.dumps({"version": __version__, **choices}, sort_keys=True)
