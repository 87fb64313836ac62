"""Whose voice it is: a projection of Whisper's first layers in which speakers lie apart.

Means over time of the first two layers, 1.5 s at a time, through a linear discriminant analysis
(R. Fisher, 1936) whose within-speaker scatter is shrunk towards a sphere; cosines of the outcome
compare voices. Learnt from LibriSpeech train-clean-100, VCTK and EMO-DB, whose speakers sound
angry, bored and afraid, so that moods count as one speaker. The ten LibriSpeech test-other speakers
are held out. The rules of grouping are chosen on made mixtures of training speakers that the
projection was not fitted on (two halves of the speakers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from openaffect.data import emodb, librispeech, vctk
from openaffect.data._content import sound_of
from openaffect.data._folder import Folder
from openaffect.data._tables import data_root
from openaffect.metrics.speech_verification import equal_error_rate
from openaffect.preprocess.speech_mel import log_mel
from openaffect.preprocess.speech_prosody import frame_power
from openaffect.preprocess.speech_turns import cluster_voices, steadiest_path, voice_centres
from openaffect.types import Card
from openaffect.types.schemes import SPEAKER_EMBEDDING

from ..context import Context
from ..nets.whisper_encoder import WhisperEncoder
from ._speech_head import MINIMUM_FRAMES
from ._speech_network import Beside

NAME = "speech-speakers"
OUTPUT = "embedding"
WINDOW, HOP = 1.5, 0.75
"""Seconds that one vector hears, and from one to the next. A longer sound is heard in such parts:
the encoder's outputs depend on how far from its beginning they are."""
LAYERS = (0, 1)
"""Of the encoder, from 0."""
HELD = "test-other"
_DIMENSIONS = len(SPEAKER_EMBEDDING)
_RATE = 16_000
_MOST_WINDOWS = 4
"""Windows of a clip: speakers count alike, however long their clips are."""
_SHRINK = 0.2
_KEPT = 400
_QUIET, _QUIETER = 35.0, 10.0
_CHANGES = (0.0, 0.1, 0.2, 0.4, 0.8)
_THRESHOLDS = tuple(np.arange(0.0, 0.61, 0.05))
_MIXTURES = 100


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """N windows: rows (N, D), speaker (N,), clip (N,) number, held (N,): kept for judging."""

    rows: NDArray[np.float32]
    speaker: NDArray[Any]
    clip: NDArray[np.int64]
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """``(rows - mean) @ matrix`` gives vectors whose cosines compare voices."""

    mean: NDArray[np.float64]
    matrix: NDArray[np.float64]

    def vectors(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(N, D) rows to (N, K) of length 1."""
        found = (rows - self.mean) @ self.matrix
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def hear(net: WhisperEncoder, context: Context) -> Windows:
    """Return the windows of the three corpora, kept in the run's folder for a resumed run."""
    path = context.out / "speakers.features.npz"
    if not (context.resume and path.is_file()):
        rows, speaker, clip, held = [], [], [], []
        for number, (name, samples, kept) in enumerate(_clips(context)):
            for window in _windows(samples):
                rows.append(_pooled(net, window))
                speaker.append(name)
                clip.append(number)
                held.append(kept)
            context.progress("hearing speakers", number + 1, None)
        temporary = path.with_suffix(".part.npz")
        np.savez(temporary, rows=np.stack(rows), speaker=speaker, clip=clip, held=held)
        temporary.replace(path)
    with np.load(path, allow_pickle=False) as file:
        return Windows(file["rows"], file["speaker"], file["clip"], file["held"])


def _clips(context: Context) -> Iterator[tuple[str, NDArray[np.float32], bool]]:
    folder = Folder(data_root(context.root))
    for corpus in (librispeech, vctk, emodb):
        for item in corpus.tables(folder):
            yield f"{corpus.NAME} {item.subject}", sound_of(item), item.split == HELD


def _windows(samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return at most four windows of the sound between its first and last loud frames."""
    level = 10 * np.log10(frame_power(samples) + 1e-12)
    loud = np.flatnonzero(level > level.max() - _QUIET)
    sound = samples[loud[0] * 160 : (loud[-1] + 1) * 160]
    size = int(WINDOW * _RATE)
    starts = list(range(0, max(1, len(sound) - size + 1), size))
    if len(sound) - size - starts[-1] > size // 2:
        starts.append(len(sound) - size)
    if len(starts) > _MOST_WINDOWS:
        places = np.linspace(0, len(starts) - 1, _MOST_WINDOWS).astype(int)
        starts = [starts[place] for place in places]
    least = np.mean(sound**2) * 10 ** (-_QUIETER / 10)
    return [w for w in (sound[at : at + size] for at in starts) if np.mean(w**2) >= least]


@torch.no_grad()
def _pooled(net: WhisperEncoder, window: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(window, (0, max(0, MINIMUM_FRAMES * 160 - len(window))))
    outputs = net(torch.from_numpy(log_mel(padded))[None])
    return torch.cat([outputs[layer][0].mean(0) for layer in LAYERS]).numpy()


def project(rows: NDArray[Any], speaker: NDArray[Any]) -> Projection:
    """Fit the discriminant analysis."""
    mean, deviation = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0) + 1e-6
    standard = (rows - mean) / deviation
    _, _, axes = np.linalg.svd(standard, full_matrices=False)
    first = axes[:_KEPT].T
    reduced = standard @ first
    _, place, count = np.unique(speaker, return_inverse=True, return_counts=True)
    means = np.zeros((len(count), reduced.shape[1]))
    np.add.at(means, place, reduced)
    means /= count[:, None]
    apart = reduced - means[place]
    within = apart.T @ apart / max(1, len(reduced) - len(count))
    sphere = np.eye(len(within)) * np.trace(within) / len(within)
    values, vectors = np.linalg.eigh((1 - _SHRINK) * within + _SHRINK * sphere)
    whiten = vectors / np.sqrt(values)
    between = (means * np.sqrt(count)[:, None]) @ whiten
    _, _, directions = np.linalg.svd(between - between.mean(axis=0), full_matrices=False)
    matrix = first @ whiten @ directions[:_DIMENSIONS].T / deviation[:, None]
    return Projection(mean, np.pad(matrix, ((0, 0), (0, _DIMENSIONS - matrix.shape[1]))))


def choose_rules(windows: Windows, seed: int) -> dict[str, float]:
    """Return threshold and change that lead to the least confusion on made mixtures.

    Speakers are halved; the projection is fitted on one half and mixtures are made of the other.
    """
    names = np.unique(windows.speaker[~windows.held])
    random = np.random.default_rng(seed)
    half = np.isin(windows.speaker, random.permutation(names)[: len(names) // 2])
    error = np.zeros((len(_THRESHOLDS), len(_CHANGES)))
    for fitted in (half, ~half):
        learnt, other = fitted & ~windows.held, ~fitted & ~windows.held
        projection = project(windows.rows[learnt], windows.speaker[learnt])
        vectors, speaker = projection.vectors(windows.rows[other]), windows.speaker[other]
        for _ in range(_MIXTURES // 2):
            rows = _mixture(speaker, windows.clip[other], random)
            truth = np.unique(speaker[rows], return_inverse=True)[1]
            for first, threshold in enumerate(_THRESHOLDS):
                voice = cluster_voices(vectors[rows], threshold=float(threshold), smallest=2)
                alike = vectors[rows] @ voice_centres(vectors[rows], voice).T
                for second, change in enumerate(_CHANGES):
                    error[first, second] += _confused(truth, steadiest_path(alike, change))
    best = np.unravel_index(int(error.argmin()), error.shape)
    return {
        "threshold": round(float(_THRESHOLDS[int(best[0])]), 3),
        "change": float(_CHANGES[int(best[1])]),
        "confusion": round(float(error.min() / _MIXTURES), 4),
    }


def _mixture(
    speaker: NDArray[Any], clip: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.int64]:
    """Return rows of two to four speakers taking eight to sixteen turns of one clip each.

    Half the time all have several clips, where there are such people.
    """
    names = np.unique(speaker)
    several = [name for name in names if len(np.unique(clip[speaker == name])) > 1]
    pool = several if len(several) >= 4 and random.random() < 0.5 else names
    people = random.choice(pool, int(random.integers(2, min(4, len(pool)) + 1)), replace=False)
    turns: list[NDArray[np.int64]] = []
    for _ in range(int(random.integers(8, 17))):
        own = clip[speaker == random.choice(people)]
        turns.append(np.flatnonzero(clip == random.choice(own)))
    return np.concatenate(turns)


def _confused(truth: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Return the share of rows whose voice is not the one that stands for their speaker."""
    from scipy.optimize import linear_sum_assignment

    together = np.zeros((truth.max() + 1, found.max() + 1))
    np.add.at(together, (truth, found), 1)
    return float(1 - together[linear_sum_assignment(-together)].sum() / len(truth))


def measure(windows: Windows, projection: Projection) -> list[dict[str, Any]]:
    """Return the score rows: equal error rate of the held-out speakers, windows of two clips."""
    rows = np.flatnonzero(windows.held)
    if not len(rows):
        return []
    vectors, speaker = projection.vectors(windows.rows[rows]), windows.speaker[rows]
    first, second = np.triu_indices(len(rows), 1)
    apart = windows.clip[rows][first] != windows.clip[rows][second]
    first, second = first[apart], second[apart]
    alike = (vectors[first] * vectors[second]).sum(axis=1)
    same = speaker[first] == speaker[second]
    return [
        {
            "data": f"LibriSpeech {HELD}, {len(np.unique(speaker))} speakers never heard in "
            f"training, {len(rows)} windows of {WINDOW} s, pairs of different clips",
            "measure": "equal error rate",
            "value": round(equal_error_rate(alike, same), 4),
        }
    ]


def beside(projection: Projection) -> Beside:
    """Return the network's output; the vectors are scaled to length 1 by the recogniser."""
    return Beside(
        name=OUTPUT,
        layers=LAYERS,
        statistics=1,
        weight=projection.matrix,
        offset=-projection.mean @ projection.matrix,
    )


def card_of(emotion: Card, rows: list[dict[str, Any]], rules: dict[str, float]) -> Card:
    """Return the card of speakers, an output of the same network as the emotion's."""
    confusion = {
        "data": "made mixtures of training speakers that the projection was not fitted on; what "
        "the rules of grouping were chosen by, so no result",
        "measure": "share of windows confused",
        "value": rules["confusion"],
    }
    return replace(
        emotion,
        name=NAME,
        task="speech.embedding",
        implementation="speech_embedding",
        scheme=SPEAKER_EMBEDDING.name,
        labels=SPEAKER_EMBEDDING.labels,
        files=tuple(file for file in emotion.files if file.role == "model"),
        preprocessing={
            **emotion.preprocessing,
            "window": WINDOW,
            "hop": HOP,
            "maximum_frames": round(100 * WINDOW),
        },
        calibration={
            "threshold": rules["threshold"],
            "change": rules["change"],
            "smallest": 3,
            "feeling": 1.5,
            "sharpness": 8.0,
        },
        licence="Apache-2.0 (weights); encoder MIT (OpenAI Whisper); trained on LibriSpeech and "
        "VCTK (CC BY 4.0) and EMO-DB (CC0)",
        training_data=(
            "LibriSpeech train-clean-100, 251 speakers (CC BY 4.0, Panayotov et al., 2015)",
            "VCTK, 4 speakers (CC BY 4.0, Yamagishi et al., 2019)",
            "EMO-DB, two-second clips, 10 speakers (CC0 1.0, Burkhardt et al., 2005)",
            "encoder: Whisper-base (MIT, Radford et al., 2023), its first layers unchanged",
        ),
        paper="Fisher, 1936, The use of multiple measurements in taxonomic problems, Annals of "
        "Eugenics 7(2)",
        scores=(*rows, confusion),
        limits=(
            "Tells the voices of one recording apart; no proof of who somebody is: do not use it "
            "to verify an identity",
            "A voice that shouts or whispers is easily taken for another person's; two people at "
            "once are one voice here",
            "Learnt from read English and acted German",
        ),
        intended_use=("Who spoke when within one recording whose people know of it",),
        forbidden_use=(
            *emotion.forbidden_use,
            "Identifying or recognising a person across recordings",
        ),
    )
