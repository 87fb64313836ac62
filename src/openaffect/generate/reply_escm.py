"""Reply through ESCM, a small net that learned emotion and answer together; non-commercial."""

from __future__ import annotations

from ._word_net import WordPartner


class CorrelationPartner(WordPartner):
    """ESCM (Yang et al., Findings of EMNLP 2023), made small: short answers in plain words."""

    name = "escm"
    help = "a small net of emotions and words (ESCM); its weights are non-commercial"
    card = "reply-escm"
    remedy = "pip install 'openaffect[research]' (weights for non-commercial use)"


GENERATOR = CorrelationPartner
