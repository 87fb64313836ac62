"""Who spoke when, and who felt what when: from what was heard of each window of a recording.

Voices are told apart once a recording has been heard to its end: only a vector a window is kept
until then. ``docs/voices.md`` tells how well it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openaffect.preprocess.speech_turns import (
    cluster_voices,
    runs,
    shares_of,
    steadiest_path,
    voice_centres,
)
from openaffect.types.card import Card
from openaffect.types.protocols import Recognizer
from openaffect.types.schemes import SPEAKER_TURNS
from openaffect.types.timeline import Timeline, Unit

EMBEDDING = "speech.embedding"
"""The timeline of a vector a window that voices are told apart by; no part of an analysis."""
_SMALLEST_PROBABILITY = 1e-3


@dataclass(frozen=True, slots=True)
class Grouping:
    """How windows become turns; see :mod:`openaffect.preprocess.speech_turns`.

    threshold: mean cosine down to which two clusters are one voice. smallest: windows of a voice.
    change: what a change of voice within an utterance costs, in cosines. feeling: what a change of
    emotion within a turn costs, in natural logarithms of probability. sharpness: of the confidence.
    """

    threshold: float
    smallest: int
    change: float
    feeling: float
    sharpness: float

    @classmethod
    def of(cls, card: Card) -> Grouping:
        """Return what a card of speaker embeddings says under ``calibration``."""
        facts = card.calibration
        return cls(
            threshold=float(facts["threshold"]),
            smallest=int(facts["smallest"]),
            change=float(facts["change"]),
            feeling=float(facts["feeling"]),
            sharpness=float(facts["sharpness"]),
        )


@dataclass(frozen=True, slots=True)
class SpeakerParts:
    """What tells voices apart: a recogniser of embeddings, its windows in seconds, the rules."""

    recognizer: Recognizer
    window: float
    hop: float
    grouping: Grouping

    @classmethod
    def of(cls, recognizer: Recognizer) -> SpeakerParts:
        """Return the parts as the recogniser's card describes them."""
        facts = recognizer.card.preprocessing
        rules = Grouping.of(recognizer.card)
        return cls(recognizer, float(facts["window"]), float(facts["hop"]), rules)


def told_apart(found: Mapping[str, Timeline], parts: SpeakerParts | None) -> dict[str, Timeline]:
    """Return what follows from the windows of a recording, beside them.

    ``speech.utterances`` and ``speech.affect`` from the emotions; ``speech.speakers`` from the
    embeddings, which are left out; ``speech.diarization`` from both.
    """
    from openaffect.recognize._affect import affect_from_emotion

    answer = {name: line for name, line in found.items() if name != EMBEDDING}
    emotion = found.get("speech.emotion")
    if emotion is not None:
        answer["speech.utterances"] = utterances(emotion)
        answer["speech.affect"] = affect_from_emotion(emotion)
    if parts is not None and EMBEDDING in found:
        turns = speakers(found[EMBEDDING], found["speech.activity"], parts.grouping)
        answer["speech.speakers"] = turns
        if emotion is not None:
            answer["speech.diarization"] = diarization(turns, emotion, parts.grouping)
    return answer


def speakers(windows: Timeline, activity: Timeline, rules: Grouping) -> Timeline:
    """Return one row a turn: ``subject`` is the number of the voice, from 0 as first heard.

    ``windows`` has the extra ``utterance`` (N,), a row of ``activity``; an abstaining window has no
    say in whose voices there are. The turns of an utterance part it without a gap.
    """
    numbers = windows.extra.get("utterance", np.zeros(len(windows), dtype=np.int64))
    heard = ~np.asarray(windows.extra.get("abstain", np.zeros(len(windows), dtype=bool)))
    vectors = windows.scores.astype(np.float64)
    heard &= np.linalg.norm(vectors, axis=1) > 0
    span, subject, confidence = [], [], []
    if heard.any():
        voice = cluster_voices(vectors[heard], threshold=rules.threshold, smallest=rules.smallest)
        alike = vectors @ voice_centres(vectors[heard], voice).T
        powers = np.exp(rules.sharpness * (alike - alike.max(axis=1, keepdims=True)))
        sure = powers / powers.sum(axis=1, keepdims=True)
        for number in np.unique(numbers):
            rows = np.flatnonzero(numbers == number)
            path = steadiest_path(alike[rows], rules.change)
            shares = shares_of(windows.span[rows], *activity.span[number])
            for run in runs(path):
                span.append((shares[run.start, 0], shares[run.stop - 1, 1]))
                subject.append(path[run.start])
                confidence.append(sure[rows[run], path[run.start]].mean())
    order = _first_heard(subject)
    return Timeline(
        scheme=SPEAKER_TURNS,
        scores=np.asarray(confidence, dtype=np.float32).reshape(-1, 1),
        span=np.asarray(span, dtype=np.float64).reshape(-1, 2),
        unit=Unit.SECONDS,
        extra={"subject": np.asarray([order[voice] for voice in subject], dtype=np.int64)},
        coverage=windows.coverage,
        model=windows.model,
    )


def diarization(turns: Timeline, emotion: Timeline, rules: Grouping) -> Timeline:
    """Return who felt what when: one row a stretch of one emotion within a turn.

    ``turns`` as :func:`speakers` gives them; ``emotion`` the windows. A row's distribution is the
    mean of its windows, each answering for what lies nearest to its middle.
    """
    centre = emotion.span.mean(axis=1)
    abstain = np.asarray(emotion.extra.get("abstain", np.zeros(len(emotion), dtype=bool)))
    scores, span, subject, withheld = [], [], [], []
    for (start, end), voice in zip(turns.span, turns.extra["subject"], strict=True):
        inside = (emotion.span[:, 0] < end) & (emotion.span[:, 1] > start)
        rows = np.flatnonzero(inside & (centre >= start) & (centre < end))
        if not len(rows) and inside.any():
            near = np.flatnonzero(inside)
            rows = near[[np.abs(centre[near] - (start + end) / 2).argmin()]]
        if not len(rows):
            continue
        gain = np.log(np.maximum(emotion.scores[rows], _SMALLEST_PROBABILITY))
        gain[abstain[rows]] = 0.0
        shares = shares_of(emotion.span[rows], start, end)
        for run in runs(steadiest_path(gain, rules.feeling)):
            sure = ~abstain[rows[run]]
            used = rows[run][sure] if sure.any() else rows[run]
            scores.append(emotion.scores[used].mean(axis=0, dtype=np.float64))
            span.append((shares[run.start, 0], shares[run.stop - 1, 1]))
            subject.append(voice)
            withheld.append(not sure.any())
    return Timeline(
        scheme=emotion.scheme,
        scores=np.asarray(scores, dtype=np.float32).reshape(-1, len(emotion.scheme)),
        span=np.asarray(span, dtype=np.float64).reshape(-1, 2),
        unit=Unit.SECONDS,
        extra={
            "subject": np.asarray(subject, dtype=np.int64),
            "abstain": np.asarray(withheld, dtype=bool),
        },
        coverage=turns.coverage,
        model=emotion.model,
    )


def utterances(windows: Timeline) -> Timeline:
    """Return one row an utterance: the mean of its windows, weighted by their length.

    ``windows`` has the extra ``utterance`` (N,), the number of each; abstaining windows count only
    where an utterance has no others.
    """
    numbers = windows.extra.get("utterance", np.zeros(len(windows), dtype=np.int64))
    seconds = np.maximum(windows.span[:, 1] - windows.span[:, 0], 1e-6)
    abstain = np.asarray(windows.extra.get("abstain", np.zeros(len(windows), dtype=bool)))
    scores, span, withheld = [], [], []
    for number in np.unique(numbers):
        rows = numbers == number
        sure = rows & ~abstain
        used = sure if sure.any() else rows
        scores.append(np.average(windows.scores[used], axis=0, weights=seconds[used]))
        span.append((windows.span[rows, 0].min(), windows.span[rows, 1].max()))
        withheld.append(not sure.any())
    return Timeline(
        scheme=windows.scheme,
        scores=np.asarray(scores, dtype=np.float32).reshape(-1, len(windows.scheme)),
        span=np.asarray(span, dtype=np.float64).reshape(-1, 2),
        unit=windows.unit,
        extra={"abstain": np.asarray(withheld, dtype=bool)},
        coverage=windows.coverage,
        model=windows.model,
    )


def _first_heard(subjects: list[np.int64]) -> dict[int, int]:
    """Return new numbers, 0 for the voice of the first turn, and so on."""
    order: dict[int, int] = {}
    for voice in subjects:
        order.setdefault(int(voice), len(order))
    return order
