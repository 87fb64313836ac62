"""What face, voice and words say of items that their models have not learnt from.

    python benchmarks/_streams.py FOLDER

writes ``face.npz``, ``voice.npz`` and ``text.npz``, each once; the data folder is that of
``OPENAFFECT_DATA``.

Faces: FER+'s validation rows through the installed ``face-emotion``; also shrunk to 20 pixels.
Voices: EMO-DB and RAVDESS, each clip by a classifier fitted on other speakers of its corpus, as
``train/recipes/speech_free.py`` fits it but without copies at other speeds (layers 2 to 4, ridge 8;
temperature from inner folds of speakers); also in noise with their own long-term spectrum at 0 dB.
Sentences: GoEmotions' validation rows that carry labels of one emotion of ``ekman7`` alone, through
the installed ``text-emotion``; also cut to three words.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RIDGE = 8.0
SMALL = 20
NOISE = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    collect(parser.parse_args().folder)


def collect(folder: Path) -> dict[str, dict[str, NDArray[Any]]]:
    """Return the arrays of each stream by name, made where they are not there yet.

    ``truth`` (N,) columns of ``primary8``, ``clean`` and ``worse`` (N, 8) distributions,
    ``quality`` and ``worse_quality`` (N,) in [0, 1], ``group`` (N,) what depends on each other, and
    ``known`` (N, 8) bool, the labels that the model of that row can name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Callable[[], dict[str, NDArray[Any]]]] = {
        "face": faces,
        "voice": voices,
        "text": sentences,
    }
    found = {}
    for name, make in made.items():
        path = folder / f"{name}.npz"
        if not path.is_file():
            np.savez(path, **make())
        with np.load(path) as file:
            found[name] = dict(file)
    return found


def faces() -> dict[str, NDArray[Any]]:
    import cv2

    from openaffect import load
    from openaffect.data import ferplus
    from openaffect.preprocess.face_align import EYE_LEFT, EYE_RIGHT, MOUTH, TEMPLATE
    from openaffect.preprocess.face_quality import quality

    rows = ferplus.load("validation")
    rows = rows.select(rows.named)
    whole = [np.repeat(image[:, :, None], 3, axis=2) for image in rows.images]
    side = whole[0].shape[0]
    small = [cv2.resize(image, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for image in whole]
    small = [cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) for image in small]
    recognizer = load("face-emotion", threads=1)

    def rated(pictures: list[NDArray[Any]], pixels: int) -> NDArray[np.float32]:
        points = np.zeros((len(pictures), 468, 3))
        for place, pair in zip(TEMPLATE * pixels, (EYE_LEFT, EYE_RIGHT, MOUTH), strict=True):
            points[:, list(pair), :2] = place
        crops = np.stack([cv2.resize(picture, (96, 96)) for picture in pictures])
        return quality(crops, points, np.zeros((len(pictures), 3))).overall

    known = np.ones((len(whole), 8), bool)
    return {
        "truth": rows.label,
        "clean": recognizer(whole).scores,
        "worse": recognizer(small).scores,
        "quality": rated(whole, side),
        "worse_quality": rated(small, SMALL),
        "group": np.arange(len(whole)),
        "known": known,
    }


def voices() -> dict[str, NDArray[Any]]:
    import torch

    from openaffect.data import emodb, ravdess
    from openaffect.train.context import Context
    from openaffect.train.recipes import _speech

    torch.set_num_threads(1)
    parts = []
    with tempfile.TemporaryDirectory() as scratch:
        context = Context(out=Path(scratch))
        net = _speech.encoder(context)
        for module, count in ((emodb, 10), (ravdess, 6)):
            parts.append(_corpus_voices(net, module.load(), count))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _corpus_voices(net: Any, clips: Any, count: int) -> dict[str, NDArray[Any]]:
    from openaffect.preprocess.speech_reliability import reliability
    from openaffect.recognize._base import softmax
    from openaffect.train.recipes import _speech
    from openaffect.train.recipes._speech_head import Candidate, pooled

    classes = len(clips.scheme)
    table = np.stack([pooled(net, clips.samples(row)) for row in range(len(clips))])[None]
    corpus = _speech.Corpus(table, clips.label, clips.speaker, tuple(range(classes)))
    noisy = [in_noise(clips.samples(row), NOISE, row) for row in range(len(clips))]
    worse = np.stack([pooled(net, samples) for samples in noisy])
    candidate = Candidate((0, 1, 2), True, RIDGE)
    found = np.zeros((2, len(clips), classes))
    for test in _speech.speaker_folds(clips.speaker, count):
        inner = np.zeros((len(clips), classes))
        for held in _speech.speaker_folds(clips.speaker[~test], _speech.INNER_FOLDS):
            rows = np.flatnonzero(~test)[held]
            train = ~test
            train[rows] = False
            model = _speech.fit([corpus], [train], candidate, classes)
            inner[rows] = model.margins(candidate.columns(corpus.table[0][rows]))
        rows = np.flatnonzero(~test)
        scale = _speech.temperature_of(inner[rows], corpus, rows)
        model = _speech.fit([corpus], [~test], candidate, classes)
        for version, table in enumerate((corpus.table[0], worse)):
            margins = model.margins(candidate.columns(table[test]))
            found[version, test] = softmax(margins * scale)
    truth = _primary_column(clips)
    kept = truth >= 0
    clean, known = _primary(found[0], clips.scheme)
    return {
        "truth": truth[kept],
        "clean": clean[kept],
        "worse": _primary(found[1], clips.scheme)[0][kept],
        "quality": np.array([reliability(clips.samples(row)) for row in np.flatnonzero(kept)]),
        "worse_quality": np.array([reliability(noisy[row]) for row in np.flatnonzero(kept)]),
        "group": np.array([f"{clips.scheme.name} {name}" for name in clips.speaker])[kept],
        "known": np.tile(known, (int(kept.sum()), 1)),
    }


def in_noise(samples: NDArray[np.float32], ratio: float, seed: int) -> NDArray[np.float32]:
    """Return the samples in noise of their own long-term spectrum, ``ratio`` dB below them."""
    draw = np.random.default_rng(seed)
    spectrum = np.abs(np.fft.rfft(samples))
    smooth = np.convolve(spectrum, np.ones(101) / 101, mode="same")
    phase = np.exp(2j * np.pi * draw.random(len(spectrum)))
    noise = np.fft.irfft(smooth * phase, len(samples))
    noise *= np.sqrt(np.mean(samples**2) / max(float(np.mean(noise**2)), 1e-12))
    mixed = samples + noise * 10 ** (-ratio / 20)
    return (mixed / max(1.0, float(np.abs(mixed).max()))).astype(np.float32)


def sentences() -> dict[str, NDArray[Any]]:
    from openaffect import load
    from openaffect.data import goemotions
    from openaffect.pipeline.primary import to_primary
    from openaffect.types import scheme
    from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN

    rows = goemotions.load("validation")
    primary, names = scheme("primary8"), scheme("goemotions28").labels
    groups = GOEMOTIONS_TO_EKMAN.groups
    sets = [
        {group for group, members in groups.items() if any(names[k] in members for k in on)}
        for on in (np.flatnonzero(row) for row in rows.labels)
    ]
    kept = [row for row, group in enumerate(sets) if len(group) == 1]
    texts = [rows.texts[row] for row in kept]
    short = [" ".join(text.split()[:3]) for text in texts]
    recognizer = load("text-emotion", threads=1)
    said, cut = to_primary(recognizer(texts)), to_primary(recognizer(short))
    return {
        "truth": np.array([primary.index(next(iter(sets[row]))) for row in kept]),
        "clean": said.probabilities,
        "worse": cut.probabilities,
        "quality": np.ones(len(texts)),
        "worse_quality": np.ones(len(texts)),
        "group": np.arange(len(kept)),
        "known": np.tile(said.known, (len(kept), 1)),
        "words": np.array([len(text.split()) for text in texts]),
    }


def _primary_column(clips: Any) -> NDArray[np.int64]:
    """Return (N,) columns of ``primary8``; -1 where the label has none."""
    from openaffect.types import scheme

    labels = scheme("primary8").labels
    names = [clips.scheme.labels[column] for column in clips.label]
    names = ["neutral" if name == "calm" else name for name in names]
    return np.array([labels.index(name) if name in labels else -1 for name in names])


def _primary(scores: NDArray[Any], given: Any) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    from openaffect.pipeline.primary import to_primary
    from openaffect.types import Timeline

    line = Timeline(given, scores.astype(np.float32), np.zeros((len(scores), 2)), unit="whole")
    found = to_primary(line)
    return found.probabilities, found.known


if __name__ == "__main__":
    main()
