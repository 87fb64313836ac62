"""Who spoke when, and who felt what when, on made mixtures whose turns are known.

    python benchmarks/diarization.py --data corpora --out benchmarks/results/diarization.md

Clips of one corpus, cut to where they sound, are laid one after another with pauses of 0.1 to 0.8
s: two or three speakers, twelve turns. No speaker in them was heard in training: the embedding
never saw RAVDESS or LibriSpeech's test-other, and emotion is told by a head that is fitted in the
run on other actors (the shipped one learnt all of RAVDESS). Mixtures are made, not conversations:
nobody interrupts anybody, and all of a mixture was recorded alike.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from openaffect.io.audio import load_audio
from openaffect.metrics.annotations import Annotation
from openaffect.metrics.bootstrap import bootstrap_interval
from openaffect.metrics.speech_diarization import (
    DiarizationError,
    diarization_error,
    emotion_diarization_error,
)
from openaffect.metrics.speech_verification import equal_error_rate
from openaffect.pipeline.kit import Kit
from openaffect.pipeline.load import load
from openaffect.pipeline.notes import Notes
from openaffect.pipeline.options import Options
from openaffect.pipeline.speakers import told_apart
from openaffect.pipeline.spill import Spill
from openaffect.pipeline.voice import VoiceParts, listen
from openaffect.recognize.speech_emotion import SpeechEmotion
from openaffect.types import AudioChunk, Timeline, no_progress, scheme

RATE = 16_000
JUDGED_ACTORS = tuple(f"{number:02d}" for number in range(13, 19))
NEUTRAL = ("neutral", "calm")


@dataclass(frozen=True)
class Clip:
    """A clip with who speaks and, where it was acted, the emotion."""

    path: Path
    speaker: str
    emotion: str = ""

    def samples(self) -> NDArray[np.float32]:
        """Return the sound from its first to its last frame within 35 dB of the loudest."""
        sound = load_audio(self.path, rate=RATE).samples
        frames = sound[: len(sound) // 160 * 160].reshape(-1, 160).astype(np.float64)
        level = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
        loud = np.flatnonzero(level > level.max() - 35)
        return sound[loud[0] * 160 : (loud[-1] + 1) * 160]


class FittedEmotion:
    """Emotion by a head fitted here over the statistics of frozen layers."""

    def __init__(self, network: SpeechEmotion, clips: Sequence[Clip]) -> None:
        self.card = network.card
        self._network, self._scheme = network, scheme("ravdess8")
        rows = np.stack([network.listen(clip.samples(), "statistics") for clip in clips])
        self._head = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=500))
        self._head.fit(rows, [self._scheme.index(clip.emotion) for clip in clips])

    def __call__(self, batch: Sequence[Any], /) -> Timeline:
        """Recognise every item."""
        rows = [self._network.listen(item, "statistics") for item in batch]
        scores = self._head.predict_proba(np.stack(rows)) if rows else np.zeros((0, 8))
        span = np.zeros((len(rows), 2))
        abstain = {"abstain": np.zeros(len(rows), bool)}
        return Timeline(self._scheme, scores.astype(np.float32), span, "whole", abstain)


def mixture(
    clips: Sequence[Clip], random: np.random.Generator
) -> tuple[NDArray[np.float32], list[Annotation], list[Annotation]]:
    """Return the sound, its turns by speaker and by emotion."""
    names = np.unique([clip.speaker for clip in clips])
    people = random.choice(names, int(random.integers(2, 4)), replace=False)
    parts, speakers, emotions, at = [], [], [], 0
    for turn in range(12):
        own = [clip for clip in clips if clip.speaker == people[turn % len(people)]]
        clip = own[int(random.integers(len(own)))]
        sound = clip.samples()[: 8 * RATE]
        pause = np.zeros(int(random.uniform(0.1, 0.8) * RATE), np.float32)
        span = (at / RATE, (at + len(sound)) / RATE)
        speakers.append(Annotation(*span, clip.speaker))
        emotions.append(Annotation(*span, clip.emotion))
        parts += [sound, pause]
        at += len(sound) + len(pause)
    mixed = np.concatenate(parts)
    hiss = random.normal(0, 1e-4, len(mixed))
    return (mixed + hiss).astype(np.float32), speakers, emotions


def analysed(sound: NDArray[np.float32], parts: VoiceParts) -> dict[str, Timeline]:
    """Hear the sound as the package hears a recording."""
    step = 10 * RATE
    chunks = (
        AudioChunk(samples=sound[at : at + step], start=at / RATE, rate=RATE)
        for at in range(0, len(sound), step)
    )
    with tempfile.TemporaryDirectory() as folder:
        spill = Spill(Path(folder), "mixture")
        listen(chunks, parts, spill, no_progress, None)
        return told_apart(spill.collect("speech"), parts.speakers)


def turns(timeline: Timeline, labels: Sequence[Any]) -> list[Annotation]:
    """Return the rows as turns."""
    rows = zip(timeline.span.tolist(), labels, strict=True)
    return [Annotation(start, end, str(label)) for (start, end), label in rows]


def pooled(errors: Sequence[DiarizationError]) -> str:
    """Return the error rate over all mixtures with its interval, mixtures resampled."""
    wrong = np.array([error.rate * error.total for error in errors])
    total = np.array([error.total for error in errors])

    def rate(rows: NDArray[np.int64]) -> float:
        return float(wrong[rows].sum() / total[rows].sum())

    found = bootstrap_interval(rate, len(errors))
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def judged(
    name: str, clips: Sequence[Clip], parts: VoiceParts, count: int, seed: int
) -> list[tuple[str, str, str, str]]:
    """Return the rows of one corpus: mixtures, measure, ours, beside it."""
    random = np.random.default_rng(seed)
    ours, loose, alone, counted, feelings, unfelt = [], [], [], [], [], []
    for _ in range(count):
        sound, speakers, emotions = mixture(clips, random)
        found = analysed(sound, parts)
        said = turns(found["speech.speakers"], found["speech.speakers"].extra["subject"])
        one = turns(found["speech.activity"], ["0"] * len(found["speech.activity"]))
        ours.append(diarization_error(speakers, said))
        loose.append(diarization_error(speakers, said, collar=0.25))
        alone.append(diarization_error(speakers, one))
        people = len({turn.label for turn in speakers})
        counted.append(len({turn.label for turn in said}) - people)
        if emotions[0].label:
            felt = turns(found["speech.diarization"], found["speech.diarization"].best())
            feelings.append(emotion_diarization_error(emotions, felt, neutral=NEUTRAL))
            unfelt.append(emotion_diarization_error(emotions, [], neutral=NEUTRAL))
    off = np.mean(np.abs(counted))
    rows = [
        (name, "diarisation error rate", pooled(ours), f"{pooled(alone)} all one speaker"),
        (name, "the same, 0.25 s about boundaries left out", pooled(loose), ""),
        (name, "speakers too many or too few, mean", f"{off:.2f}", ""),
    ]
    if feelings:
        beside = f"{pooled(unfelt)} no emotion ever"
        rows.append((name, "emotion diarisation error rate", pooled(feelings), beside))
    return rows


def error_rate(clips: Sequence[Clip], parts: VoiceParts, moods: bool) -> list[tuple[str, str]]:
    """Return equal error rates of the embedding over whole clips, by kind of pair."""
    assert parts.speakers is not None
    heard = parts.speakers.recognizer([clip.samples() for clip in clips]).scores
    first, second = np.triu_indices(len(clips), 1)
    alike = (heard[first] * heard[second]).sum(axis=1)
    speaker = np.array([clip.speaker for clip in clips])
    emotion = np.array([clip.emotion for clip in clips])
    same = speaker[first] == speaker[second]
    kinds = {"all pairs": np.ones(len(first), bool)}
    if moods:
        mood = emotion[first] == emotion[second]
        kinds = {"pairs of one emotion": mood, "pairs of two emotions": ~mood}
    return [
        (kind, f"{equal_error_rate(alike[picked], same[picked]):.3f}")
        for kind, picked in kinds.items()
    ]


def clips_of(data: Path, name: str) -> list[dict[str, str]]:
    """Return the lines of a corpus' table."""
    with (data / "speech" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, help="Markdown file (default: print)")
    parser.add_argument("--mixtures", type=int, default=12, help="of each corpus (default: 12)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    folder = args.data / "speech"
    acted = [
        Clip(folder / row["file"], row["speaker"], row["emotion"])
        for row in clips_of(args.data, "ravdess")
    ]
    read = [
        Clip(folder / row["file"], row["speaker"])
        for row in clips_of(args.data, "librispeech")
        if row["subset"] == "test-other"
    ]
    learnt = [clip for clip in acted if clip.speaker.zfill(2) not in JUDGED_ACTORS]
    held = [clip for clip in acted if clip.speaker.zfill(2) in JUDGED_ACTORS]
    parts = Kit(Options(modality="speech", transcript=False, threads=1)).voice(Notes())
    if parts is None or parts.speakers is None:
        raise SystemExit("silero-vad and speech-speakers are needed: openaffect models pull")
    network = load("speech-free", threads=1)
    assert isinstance(network, SpeechEmotion)
    parts = replace(parts, windowed={"speech.emotion": FittedEmotion(network, learnt)})
    rows = judged("RAVDESS, actors 13-18", held, parts, args.mixtures, args.seed)
    rows += judged("LibriSpeech test-other", read, parts, args.mixtures, args.seed + 1)
    for name, clips, moods in (
        ("RAVDESS, all actors", acted[::4], True),
        ("LibriSpeech", read, False),
    ):
        for kind, value in error_rate(clips, parts, moods):
            rows.append((name, f"equal error rate, {kind}, whole clips", value, ""))
    table = ["| made of | measure | ours | beside it |", "| --- | --- | --- | --- |"]
    table += [f"| {' | '.join(row)} |" for row in rows]
    head = (
        "# Diarisation of made mixtures\n\n"
        f"{args.mixtures} mixtures a corpus (`--mixtures {args.mixtures}`), seed {args.seed}; 95 % "
        "intervals, whole mixtures resampled. Made by `python benchmarks/diarization.py`; its head "
        "says how.\n\n"
    )
    text = head + "\n".join(table) + "\n"
    if args.out is None:
        print(text)
    else:
        args.out.write_text(text, encoding="utf-8")
        print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
