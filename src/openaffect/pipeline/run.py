"""One analysis on its way, from the opened input to the collected timelines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from openaffect.types.analysis import Analysis
from openaffect.types.errors import (
    IntegrityError,
    InvalidValueError,
    MissingDependencyError,
    WeightsUnavailableError,
)
from openaffect.types.media import MediaFacts
from openaffect.types.protocols import DialogueRecognizer, Progress
from openaffect.types.timeline import Timeline

from .dialogue import read_lines
from .faces import FaceParts, look, watch
from .joined import joined
from .known_words import known_words
from .manifest import item_key
from .notes import Notes
from .options import Options
from .over_time import steadied
from .people_signals import signals
from .source import title_of
from .speakers import told_apart
from .spill import Spill
from .voice import VoiceParts, listen
from .words import TextParts, read_column, read_document, read_transcript

ORDER = (
    "face.emotion",
    "face.dynamic",
    "face.affect",
    "face.pose",
    "face.blendshapes",
    "face.action_units",
    "face.eyes",
    "face.gaze",
    "face.events",
    "face.engagement",
    "speech.activity",
    "speech.emotion",
    "speech.utterances",
    "speech.affect",
    "speech.strength",
    "speech.prosody",
    "speech.voice",
    "speech.speakers",
    "speech.diarization",
    "speech.transcript",
    "text.emotion",
    "text.ekman",
    "text.sentiment",
    "text.affect",
    "text.dialogue",
    "text.situation",
    "text.roles",
    "fused.emotion",
    "fused.conflict",
)
"""The timelines of an analysis, in its order."""
_ASKED = 100
"""Rows of a table that tell its language."""


class Models(Protocol):
    """What sees, hears and reads; each ``None``, and noted, where it cannot be had."""

    def faces(self, notes: Notes) -> FaceParts | None:
        """Return what sees."""
        ...

    def voice(self, notes: Notes) -> VoiceParts | None:
        """Return what hears."""
        ...

    def words(self, notes: Notes) -> TextParts | None:
        """Return what reads."""
        ...

    def words_in(self, language: str, notes: Notes) -> TextParts | None:
        """Return what reads a language other than English."""
        ...

    def dialogue(self, language: str, notes: Notes) -> dict[str, DialogueRecognizer]:
        """Return what reads a line with those before it, by the names of the timelines."""
        ...


class Run:
    """One analysis on its way."""

    def __init__(
        self,
        source: str | Path,
        path: Path | None,
        options: Options,
        kit: Models,
        work: Path,
        progress: Progress,
    ) -> None:
        self._source, self._path = source, path
        self._options, self._kit = options, kit
        self._work, self._progress = work, progress
        self._notes = Notes()
        self._facts: dict[str, Any] = {}
        self._lacking = False
        self._language = "eng"

    def analysis(self) -> Analysis:
        """Return what was found."""
        path = self._path
        found = self._document(str(self._source)) if path is None else self._file(path)
        if self._lacking and not found:
            raise WeightsUnavailableError(". ".join(self._notes.warnings))
        if self._options.anonymize:
            self._facts["anonymize"] = True
        return Analysis(
            source=title_of(self._source),
            facts=self._facts,
            timelines={name: found[name] for name in ORDER if name in found},
            cards=self._notes.cards,
            warnings=self._notes.warnings,
        )

    def _file(self, path: Path) -> dict[str, Timeline]:
        from openaffect.io.kinds import kind_of
        from openaffect.io.text import read_text

        kind = kind_of(path)
        if kind != "table" and self._options.dialogue is not None:
            self._notes.warn(f"column {self._options.dialogue!r} of a dialogue: this is no table")
        if kind == "image":
            return self._image(path)
        if kind == "text":
            return self._document(read_text(path))
        if kind == "table":
            return self._table(path)
        return self._recording(path)

    def _image(self, path: Path) -> dict[str, Timeline]:
        from openaffect.io.image import read_image

        image = read_image(path)
        height, width = image.shape[:2]
        self._facts = {"modality": "image", "width": width, "height": height}
        if not self._has("face", "a picture"):
            return {}
        return self._guarded("faces", lambda parts: look(image, parts))

    def _document(self, text: str) -> dict[str, Timeline]:
        self._facts = {"modality": "text", "characters": len(text)}
        if not self._has("text", "a text"):
            return {}
        self._tell_language([text])
        return self._read(lambda parts, spill: read_document(text, parts, spill, self._progress))

    def _table(self, path: Path) -> dict[str, Timeline]:
        from openaffect.io import tables

        column = self._options.column
        if column is None:
            raise InvalidValueError(
                f"{path} is a table; name the column that holds the text (column, or --column)"
            )
        self._facts = {"modality": "table", "column": column}
        rows = tables.read_column(path, column)
        if not self._has("text", "a table"):
            return {}
        self._tell_language(text for _, text in islice(tables.read_column(path, column), _ASKED))
        if self._options.dialogue is not None:
            return self._dialogue(rows, tables.read_column(path, self._options.dialogue))
        return self._read(lambda parts, spill: read_column(rows, parts, spill, self._progress))

    def _dialogue(
        self, rows: Iterable[tuple[int, str]], speakers: Iterable[tuple[int, str]]
    ) -> dict[str, Timeline]:
        """Read a table's rows as the lines of one dialogue."""
        self._facts["dialogue"] = self._options.dialogue
        readers = self._kit.dialogue(self._language, self._notes)
        lines = (
            (row, speaker.strip(), text)
            for (row, text), (_, speaker) in zip(rows, speakers, strict=True)
        )
        return self._read(
            lambda parts, spill: read_lines(lines, parts, readers, spill, self._progress)
        )

    def _read(self, read: Callable[[TextParts, Spill], None]) -> dict[str, Timeline]:
        def whole(parts: TextParts) -> dict[str, Timeline]:
            spill = self._spill("text")
            read(parts, spill)
            return spill.collect("text")

        return self._guarded("words", whole)

    def _recording(self, path: Path) -> dict[str, Timeline]:
        from openaffect.io.media import probe

        facts = probe(path)
        self._facts = asdict(facts)
        found: dict[str, Timeline] = {}
        if facts.has_video and self._options.wants("face"):
            self._facts["every"] = self._options.every
            found |= self._guarded("faces", partial(self._watch, path, facts))
        if self._options.modality != "face" and self._has_sound(facts):
            found |= self._guarded("voice", partial(self._listen, path, facts))
        if self._options.words is not None and self._options.modality != "face":
            found["speech.transcript"] = known_words(self._options.words)
        if not facts.has_video:
            self._has("speech", "a recording without pictures", "text")
        if "speech.transcript" in found and self._options.wants("text"):
            transcript = found["speech.transcript"]
            self._tell_language(transcript.extra.get("text", ()))
            found |= self._guarded(
                "words", lambda parts: read_transcript(transcript, parts, self._progress)
            )
        found |= signals(found, self._facts)
        found |= steadied(found, self._options, self._facts, self._notes)
        return found | joined(found, self._facts, self._notes)

    def _watch(self, path: Path, facts: MediaFacts, parts: FaceParts) -> dict[str, Timeline]:
        from openaffect.io.video import read_frames

        every = self._options.every
        spill = self._spill("face")
        watch(
            lambda start: read_frames(path, every=every, start=start),
            parts,
            spill,
            self._progress,
            every=every,
            duration=facts.duration or None,
        )
        return spill.collect("face")

    def _listen(self, path: Path, facts: MediaFacts, parts: VoiceParts) -> dict[str, Timeline]:
        from openaffect.io.audio import read_audio

        spill = self._spill("speech")
        listen(read_audio(path), parts, spill, self._progress, facts.duration or None)
        return told_apart(spill.collect("speech"), parts.speakers)

    def _guarded(self, part: str, use: Callable[[Any], dict[str, Timeline]]) -> dict[str, Timeline]:
        """Use what sees, hears or reads; a model that cannot be had costs its timelines only."""
        try:
            if part == "words" and self._language != "eng":
                models = self._kit.words_in(self._language, self._notes)
                return {} if models is None else use(models)
            models = getattr(self._kit, part)(self._notes)
            if models is not None:
                return use(models)
        except (WeightsUnavailableError, IntegrityError, MissingDependencyError) as error:
            self._notes.warn(f"{part}: {error}")
        self._lacking = True
        return {}

    def _tell_language(self, texts: Iterable[str]) -> None:
        """Note the language that the texts are in together, unless it is English."""
        from openaffect.preprocess.text_language import language_of

        self._language = language_of(" ".join(texts))
        if self._language != "eng":
            self._facts["language"] = self._language

    def _has(self, modality: str, what: str, *others: str) -> bool:
        """Tell whether the asked-for modality can be in the input; note when it cannot."""
        if self._options.modality in (None, modality, *others):
            return True
        self._notes.warn(f"{what} holds no {self._options.modality}; nothing was looked at")
        return False

    def _has_sound(self, facts: MediaFacts) -> bool:
        if not facts.has_audio and self._options.modality is not None:
            self._notes.warn(f"a video without sound holds no {self._options.modality}")
        return facts.has_audio

    def _spill(self, stream: str) -> Spill:
        """Return a stream's work folder for this input, these options and the models in use."""
        key = item_key(str(self._source), self._path, self._options.key())
        return Spill(self._work / stream, f"{key} {self._notes.models()}")
