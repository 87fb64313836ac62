"""Emotion of a voice from EMO-DB and RAVDESS together; non-commercial.

Each corpus has its own classifier and temperature over the same statistics; a recording gets their
mean, weighted by how much it sounds like each corpus (``_speech_mixture``).

Protocol: RAVDESS actors in six folds of three, EMO-DB leave one speaker out; the other corpus is in
training throughout, nobody says which corpus a recording is of, and a decision is taken among the
classes of the corpus. Layers, ridge and temperature are chosen in each fold on the training
speakers, in three inner folds of whole speakers; the layers on RAVDESS alone. Baseline in the same
run, on the same folds: mean of layer 3 with logistic regression on the corpus alone.

The same file tells how strongly an emotion is voiced (``_speech_strength``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from openaffect.data import emodb, ravdess
from openaffect.data._clips import Clips
from openaffect.preprocess.speech_mel import log_mel
from openaffect.types import Card, Scheme, scheme

from ..cards import ABSTAIN_BELOW, FORBIDDEN, affect_card, machine, save_card, weight_file
from ..context import Context
from . import _speech, _speech_nested, _speech_network, _speech_scores, _speech_strength

NAME = "speech-research"
HELP = "speech.emotion on nine classes from EMO-DB and RAVDESS; non-commercial"
SCHEME: Scheme = scheme("speech9")
CLASSES = len(SCHEME)


def corpus_of(clips: Clips, table: Any) -> _speech.Corpus:
    """Return the corpus with its labels as columns of ``SCHEME``."""
    columns = np.array([SCHEME.index(name) for name in clips.scheme.labels])
    return _speech.Corpus(table, columns[clips.label], clips.speaker, tuple(sorted(columns)))


def run(context: Context) -> Path:
    """Hear, choose, measure by speaker, fit on all, export, check parity, write the card."""
    net = _speech.encoder(context)
    clips = {module.NAME: module.load(root=context.root) for module in (ravdess, emodb)}
    corpora = [
        corpus_of(item, _speech.corpus_features(net, name, item, context))
        for name, item in clips.items()
    ]
    folds = {
        "RAVDESS actors 1-18, six folds of three": _speech.speaker_folds(corpora[0].speaker, 6),
        "EMO-DB two-second clips, leave one speaker out": _speech.speaker_folds(
            corpora[1].speaker, 10
        ),
    }
    rows: list[dict[str, Any]] = []
    for target, (data, parts) in enumerate(folds.items()):
        corpus, data = corpora[target], f"{data}, trained on both corpora"
        other = _speech_scores.baseline(corpus, parts)
        scores, chosen = _speech_nested.nested(corpora, target, parts, CLASSES, context)
        _speech_scores.keep_nested(context, NAME, [*clips][target], corpus, scores)
        context.log("chosen", data=data, folds=[str(choice) for choice in chosen])
        rows += _speech_scores.report(data, corpus, scores, other)
        rows += _speech_scores.report_abstaining(data, corpus, scores)
        rows += _speech_scores.report_known(data, corpora, target, parts, CLASSES, (scores, chosen))
    acted = _speech_strength.corpus_of(clips[ravdess.NAME], corpora[0], context)
    parts = _speech.speaker_folds(acted.speaker, 6)
    told = _speech_strength.measure(clips[ravdess.NAME], acted, parts, context)
    strength = _speech_strength.beside(acted, context)
    mels = (log_mel(item.samples(row)) for item in clips.values() for row in range(0, len(item), 8))
    made = _speech_network.fit_everyone(
        net, corpora, CLASSES, context, NAME, mels, lambda _: (strength,)
    )
    card = Card(
        name=NAME,
        task="speech.emotion",
        modality="speech",
        implementation="speech_emotion",
        scheme=SCHEME.name,
        labels=SCHEME.labels,
        files=(weight_file("model", made.network), weight_file("known", made.known)),
        preprocessing=_speech.PREPROCESSING,
        calibration={"abstain_below": ABSTAIN_BELOW},
        licence="CC-BY-NC-SA-4.0 (trained on RAVDESS); encoder MIT (OpenAI Whisper)",
        commercial=False,
        training_data=(
            "RAVDESS speech, actors 1-18 (CC BY-NC-SA 4.0, Livingstone and Russo, 2018)",
            "EMO-DB, two-second clips (CC0 1.0, Burkhardt et al., 2005)",
            "encoder: Whisper-base (MIT, Radford et al., 2023), its first layers unchanged",
        ),
        paper="Livingstone and Russo, 2018, RAVDESS, PLoS ONE 13(5)",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=(*rows, *made.parity),
        limits=(
            "Acted North American English and German in studios; everyday speech is harder, how "
            "much is not measured here",
            "Boredom was heard in German only, calm and surprise in English only",
        ),
        intended_use=("Non-commercial research where people know of it and agree to it",),
        forbidden_use=(*FORBIDDEN, "Commercial use"),
        rank=20,
    )
    save_card(context.out, _speech_strength.card_of(card, told))
    save_card(context.out, affect_card(card, "speech-affect-research"))
    return save_card(context.out, card)
