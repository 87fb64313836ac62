"""No steering at all: the model itself, what every way is compared with."""

from __future__ import annotations

from ._steering import Steering


class Plain(Steering):
    """The model as it is; the emotion is not even mentioned."""

    name = "plain"
    help = "the model itself, unsteered"


GENERATOR = Plain
