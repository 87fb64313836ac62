"""Reply through sequence to sequence with attention, the field's first partner of its own words."""

from __future__ import annotations

from ._word_net import WordPartner


class SequencePartner(WordPartner):
    """A recurrent reader and a recurrent writer that looks back at what was said."""

    name = "seq2seq"
    help = "sequence to sequence with attention, of your own training"
    card = "reply-seq2seq"
    remedy = (
        "`openaffect train reply-seq2seq --data DATA --out FOLDER` trains it on your copy of "
        "EmpatheticDialogues; then set OPENAFFECT_WEIGHTS to FOLDER"
    )


GENERATOR = SequencePartner
