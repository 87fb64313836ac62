"""Emotion of a voice from free speech alone: EMO-DB over the first layers of Whisper-base.

Protocol: leave one speaker out (ten folds of the 535 two-second clips). Layers, ridge and
temperature are chosen in each fold on the other nine speakers, in three inner folds of whole
speakers. The shipped model is fitted on all speakers, its choices made the same way. Baseline in
the same run, on the same folds: mean of layer 3 with logistic regression.

The same file tells voices apart (``_speech_speakers``), so that the layers ship once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openaffect.data import emodb
from openaffect.preprocess.speech_mel import log_mel
from openaffect.types import Card

from ..cards import ABSTAIN_BELOW, FORBIDDEN, affect_card, machine, save_card, weight_file
from ..context import Context
from . import _speech, _speech_nested, _speech_network, _speech_scores, _speech_speakers

NAME = "speech-free"
HELP = "speech.emotion on emodb7 from EMO-DB (CC0)"
CLASSES = len(emodb.SCHEME)


def run(context: Context) -> Path:
    """Hear, choose, measure by speaker, fit on all, export, check parity, write the card."""
    net = _speech.encoder(context)
    clips = emodb.load(root=context.root)
    table = _speech.corpus_features(net, emodb.NAME, clips, context)
    corpus = _speech.Corpus(table, clips.label, clips.speaker, tuple(range(CLASSES)))
    folds = [clips.speaker == name for name in np.unique(clips.speaker)]
    scores, chosen = _speech_nested.nested([corpus], 0, folds, CLASSES, context)
    _speech_scores.keep_nested(context, NAME, emodb.NAME, corpus, scores)
    data = "EMO-DB, 535 two-second clips, leave one speaker out, nested selection"
    rows = [
        *_speech_scores.report(data, corpus, scores, _speech_scores.baseline(corpus, folds)),
        *_speech_scores.report_abstaining(data, corpus, scores),
        *_speech_scores.report_known(data, [corpus], 0, folds, CLASSES, (scores, chosen)),
    ]
    context.log("chosen", folds=[str(choice) for choice in chosen])
    windows = _speech_speakers.hear(net, context)
    learnt = ~windows.held
    projection = _speech_speakers.project(windows.rows[learnt], windows.speaker[learnt])
    rules = _speech_speakers.choose_rules(windows, context.seed)
    mels = (log_mel(clips.samples(row)) for row in range(0, len(clips), 4))
    made = _speech_network.fit_everyone(
        net,
        [corpus],
        CLASSES,
        context,
        NAME,
        mels,
        lambda _: (_speech_speakers.beside(projection),),
    )
    card = Card(
        name=NAME,
        task="speech.emotion",
        modality="speech",
        implementation="speech_emotion",
        scheme=emodb.SCHEME.name,
        labels=emodb.SCHEME.labels,
        files=(weight_file("model", made.network), weight_file("known", made.known)),
        preprocessing=_speech.PREPROCESSING,
        calibration={"abstain_below": ABSTAIN_BELOW},
        licence="Apache-2.0 (weights); encoder MIT (OpenAI Whisper); EMO-DB is CC0; the file also "
        "tells voices apart, learnt from LibriSpeech and VCTK (CC BY 4.0)",
        commercial=True,
        training_data=(
            "EMO-DB, two-second clips (CC0 1.0, Burkhardt et al., 2005)",
            "encoder: Whisper-base (MIT, Radford et al., 2023), its first layers unchanged",
        ),
        paper="Burkhardt et al., 2005, A Database of German Emotional Speech, Interspeech",
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine()}",
        scores=(*rows, *made.parity),
        limits=(
            "Acted German of ten speakers in a studio; other languages, noise and everyday speech "
            "are harder, how much is not measured here",
            "Knows no surprise, contempt or calm",
        ),
        intended_use=("Research and interaction where people know of it and agree to it",),
        forbidden_use=FORBIDDEN,
        rank=10,
    )
    told = _speech_speakers.measure(windows, projection)
    save_card(context.out, _speech_speakers.card_of(card, told, rules))
    save_card(context.out, affect_card(card, "speech-affect"))
    return save_card(context.out, card)
