"""A head on Whisper's first layers, fitted on a user's own recordings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._content import sound_of
from openaffect.preprocess.speech_mel import log_mel

from ..cards import weight_file
from ..context import Context
from . import _speech, _speech_network, _speech_scores
from ._own import Made, Own, Part, one_hot
from ._speech_mixture import Mixture


class Recordings:
    """The recordings of one or more parts, as the feature extractor reads them."""

    def __init__(self, *parts: Part) -> None:
        self._items = [item for part in parts for item in part.items]

    def __len__(self) -> int:
        return len(self._items)

    def samples(self, row: int) -> NDArray[np.float32]:
        """(T,) float32 at 16 kHz of the item, or of its part between start and end."""
        return sound_of(self._items[row])


def make(context: Context, own: Own, name: str) -> Made:
    """Choose layers, ridge and temperature by speaker, fit, export, decide on the held voices."""
    net = _speech.encoder(context)
    known, held = Recordings(own.fit, own.choose), Recordings(own.held)
    table = _speech.corpus_features(net, "own-known", known, context)
    unheard = _speech.corpus_features(net, "own-held", held, context)
    classes = len(own.scheme)
    corpus = _speech.Corpus(
        np.concatenate([table, unheard], axis=1),
        np.concatenate([own.fit.label, own.choose.label, own.held.label]),
        subjects(own),
        tuple(range(classes)),
    )
    learnt = np.arange(len(corpus)) < len(known)
    candidate, scale = _speech.choose(corpus, learnt, classes)
    context.log("chosen", candidate=str(candidate), scale=scale)
    head = _speech.fit([corpus], [learnt], candidate, classes)
    found = head.margins(candidate.columns(corpus.table[0][~learnt]))
    mels = (log_mel(held.samples(row)) for row in range(len(held)))
    small, parity = _speech_network.export_speech(
        _speech_network.SpeechClassifier(net, candidate, Mixture((head,), np.array([scale]))),
        context,
        name,
        mels,
    )
    other = _speech_scores.baseline(corpus, [~learnt])[~learnt]
    return Made(
        files=(weight_file("model", small),),
        held=one_hot(found.argmax(axis=1), classes),
        baseline=one_hot(other, classes),
        baseline_name="frozen layer 3, mean + logistic regression",
        parity=parity,
        preprocessing=dict(_speech.PREPROCESSING),
        source="encoder: Whisper-base (MIT, Radford et al., 2023), its first layers unchanged",
    )


def subjects(own: Own) -> NDArray[Any]:
    """(N,) speaker of each item; the item itself where fewer than three speakers are to learn from.

    The choice among layers and ridges is made on whole speakers, and three folds need three.
    """
    items = [item for part in (own.fit, own.choose, own.held) for item in part.items]
    known = {item.subject for part in (own.fit, own.choose) for item in part.items}
    keys = [item.subject if len(known) >= _speech.INNER_FOLDS else item.key for item in items]
    return np.array([str(key) for key in keys])
