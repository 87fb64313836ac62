"""The head by which a language model is steered along gradients (PPLM), from GoEmotions.

Dathathri et al., "Plug and Play Language Models", ICLR 2020, section 3.2: a linear head over the
mean of the language model's own last hidden states tells the emotion of a text. Labels are Ekman's
six and neutral by the official grouping; rows of one emotion only, at most as many of each.

Protocol: rows of the training split; a second part of it chooses the penalty, validation is looked
at once. Baseline in the same run: the commonest emotion.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.data._labelled_text import LabelledText
from openaffect.generate._emotion import EMOTIONS
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import CardWeights, card
from openaffect.models.store import Store

from ..classical import save_arrays
from ..context import Context
from ..loop import seed_everything
from ..scores import compared
from . import text_emotion
from ._steering_card import save_steering_card
from .text_fudge import MODEL, emotion_shares, token_ids

NAME = "text-pplm"
HELP = "the head that steers a language model along gradients, GoEmotions"
ROWS, CHECKED, BATCH = 100, 30, 32
"""Texts of each emotion to fit and to check on, and read side by side."""
PENALTIES = (0.003, 0.03, 0.3)


def run(context: Context) -> Path:
    """Fit, measure once on validation, write the card."""
    seed_everything(context.seed)
    language = CardWeights(card(MODEL), Store()).language_model(gradients=True)
    fit, choose, validation = text_emotion.split(context)
    fit_states, fit_labels = _read(context, language, fit, ROWS, "fit")
    choose_states, choose_labels = _read(context, language, choose, CHECKED, "choose")
    heads = [_head(fit_states, fit_labels, penalty) for penalty in PENALTIES]
    recalls = [_recall(choose_labels, _told(head, choose_states)) for head in heads]
    weight, bias = heads[int(np.argmax(recalls))]
    for penalty, recall in zip(PENALTIES, recalls, strict=True):
        context.log("choose", penalty=penalty, recall=recall)
    path = context.out / f"{NAME}.npz"
    save_arrays(path, {"weight": weight, "bias": bias})
    states, labels = _read(context, language, validation, CHECKED, "validation")
    row = compared(
        _recall,
        labels,
        _told((weight, bias), states),
        np.full(len(labels), np.bincount(labels).argmax()),
        data=f"GoEmotions validation, {len(labels)} rows of one emotion, {CHECKED} of each at most",
        name="unweighted average recall, ekman7",
        baseline="commonest emotion",
        resamples=1000,
    )
    return _save(context, path, row)


_recall = partial(unweighted_average_recall, classes=len(EMOTIONS))


def _read(
    context: Context, language: Any, part: LabelledText, most: int, what: str
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return (N, D) mean hidden states and (N,) labels of texts of one emotion, kept on disk."""
    given = emotion_shares(part)
    random = np.random.default_rng(context.seed)
    single = np.flatnonzero(given.max(axis=1) == 1)
    labels = given.argmax(axis=1)
    chosen = [
        random.permutation(single[labels[single] == number])[:most]
        for number in range(len(EMOTIONS))
    ]
    rows = np.sort(np.concatenate(chosen))
    kept = context.out / f"states-{what}.npy"
    if context.resume and kept.is_file():
        states = np.load(kept)
        if len(states) == len(rows):
            return states, labels[rows]
    ids = token_ids(language, part)
    order = rows[np.argsort([len(ids[row]) for row in rows], kind="stable")]
    states = np.zeros((len(part.texts), language.width), np.float32)
    for start in range(0, len(order), BATCH):
        group = order[start : start + BATCH]
        states[group] = language.mean_hidden([ids[row] for row in group.tolist()])
        context.progress(f"{what} texts read", start + len(group), len(order))
    context.out.mkdir(parents=True, exist_ok=True)
    np.save(kept, states[rows])
    return states[rows], labels[rows]


def _head(
    states: NDArray[np.float32], labels: NDArray[np.int64], penalty: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the (7, D) weight and (7,) bias over states as they are."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=2000)
    model.fit((states - mean) / spread, labels)
    weight = model.coef_ / spread
    return weight.astype(np.float32), (model.intercept_ - weight @ mean).astype(np.float32)


def _told(
    head: tuple[NDArray[np.float32], NDArray[np.float32]], states: NDArray[np.float32]
) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (states @ head[0].T + head[1]).argmax(axis=1)
    return found


def _save(context: Context, path: Path, *rows: dict[str, Any]) -> Path:
    return save_steering_card(
        context,
        path,
        name=NAME,
        task="text.attribute",
        facts={"language_model": MODEL},
        material=("Hidden states of SmolLM2-135M-Instruct (Apache-2.0)",),
        paper="Dathathri et al., 2020, Plug and Play Language Models, ICLR",
        scores=rows,
        limits=(
            "English; reads the states of one language model and fits no other",
            "Trained on Reddit comments: happiness and surprise lean towards approval, thanks "
            "and questions",
        ),
    )
