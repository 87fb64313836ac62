"""A partner in dialogue from EmpatheticDialogues: sequence to sequence with attention.

Baseline in the same run: for the emotion the most frequent one.
"""

from __future__ import annotations

from pathlib import Path

from ..context import Context
from ..nets.words import SequenceToSequence
from ..words import encode
from ._partner import export_partner, first_vectors, fitted, material, parity_rows, partner_card
from ._partner_scores import emotion_shares, partner_rows

NAME = "reply-seq2seq"
HELP = "answers in a dialogue: sequence to sequence with attention; non-commercial"
PASSES = 2


def run(context: Context) -> Path:
    """Train, export, measure once on validation, write the card."""
    given = material(context)
    words = given.words
    net = SequenceToSequence(first_vectors(context, words), len(words.emotions))
    fit, choose = ([encode(words, one) for one in part] for part in (given.fit, given.choose))
    fitted(context, net, fit, choose, name=NAME, passes=PASSES)
    full, small = export_partner(net, context.out, NAME, normal=False)
    scores = partner_rows(small, words, given.judge, emotion_shares(words, given.fit))
    scores.extend(parity_rows(full, small, words, given.judge[:200]))
    return partner_card(
        context,
        NAME,
        [("model", small)],
        words,
        scores,
        paper="Sutskever et al., NeurIPS 2014; Luong et al., EMNLP 2015",
        device=context.device,
    )
