"""A recogniser from a user's own labelled data: a table, or a folder of one folder a class.

Protocol: official splits where the data names all three, else 70, 15 and 15 % of the items with
whole subjects on one side; epoch, layers and calibration are chosen on the second part; the third
is measured once, with paired intervals. What is trained follows from the items: pictures,
recordings or texts. Baseline in the same run: oriented gradients, the mean of Whisper's layer 3, or
TF-IDF, each with logistic regression.
"""

from __future__ import annotations

from pathlib import Path

from openaffect.metrics.classification import macro_f1
from openaffect.types import BUILT_IN, Card

from ..cards import ABSTAIN_BELOW, FORBIDDEN, machine, save_card
from ..context import Context
from ..scores import compared
from . import _own, _own_faces, _own_speech, _own_text

NAME = "fine-tune"
HELP = "your own faces, voices or texts: --data my.csv, or a folder of one folder a class"
MAKERS = {"face": _own_faces.make, "speech": _own_speech.make, "text": _own_text.make}


def run(context: Context) -> Path:
    """Read, cut, train, export, measure once on the held part, write the card."""
    own = _own.load(context)
    modality = own.modality
    name = f"own-{modality}-emotion"
    made = MAKERS[modality](context, own, name)
    assert context.root is not None
    there = own.held.labels.any(axis=0)  # F1 of a label without an example says nothing
    row = compared(
        macro_f1,
        own.held.labels[:, there],
        made.held[:, there],
        made.baseline[:, there],
        data=f"{context.root.name}, {len(own.held)} held items",
        name="macro-F1 of the labels that occur",
        baseline=made.baseline_name,
    )
    exclusive = not made.thresholds
    device = "cpu" if modality == "speech" else context.device  # a voice is learnt there
    card = Card(
        name=name,
        task=f"{modality}.emotion",
        modality=modality,
        implementation=f"{modality}_emotion",
        scheme=own.scheme.name,
        labels=own.scheme.labels,
        kind="" if own.scheme.name in BUILT_IN else str(own.scheme.kind),
        files=made.files,
        preprocessing=made.preprocessing,
        thresholds=made.thresholds,
        calibration={"abstain_below": ABSTAIN_BELOW} if exclusive else {},
        licence=f"as the terms of {context.root.name} allow",
        commercial=False,
        training_data=(f"{context.root.name}, {len(own.fit)} items to fit", made.source),
        provenance=f"openaffect train {NAME}, seed {context.seed}, {machine(device)}",
        scores=(row, *made.parity),
        limits=("Knows what its table showed it, and was measured on the same source alone",),
        intended_use=("What the people in the data have agreed to",),
        forbidden_use=FORBIDDEN,
        rank=30,
    )
    return save_card(context.out, card)
