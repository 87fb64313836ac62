"""The card of what steers a language model and was learnt from GoEmotions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openaffect.generate._emotion import EMOTIONS
from openaffect.types import Card

from ..cards import machine, save_card, weight_file
from ..context import Context


def save_steering_card(
    context: Context,
    path: Path,
    *,
    name: str,
    task: str,
    facts: Mapping[str, Any],
    paper: str,
    scores: Sequence[dict[str, Any]],
    limits: tuple[str, ...],
    material: tuple[str, ...] = (),
    device: str = "cpu",
) -> Path:
    """Write the card of the file at ``path`` beside it; return the card's path.

    facts: the language model, and what else reading the file takes. material: what it was made of
    beside GoEmotions. device: the torch device that it was trained on.
    """
    return save_card(
        context.out,
        Card(
            name=name,
            task=task,
            modality="text",
            scheme="ekman7",
            labels=EMOTIONS,
            preprocessing=dict(facts),
            files=(weight_file("model", path),),
            licence="Apache-2.0 (weights); GoEmotions is CC BY 4.0",
            commercial=True,
            training_data=(
                "GoEmotions training split (CC BY 4.0, Demszky et al., 2020)",
                *material,
            ),
            paper=paper,
            provenance=f"openaffect train {name}, seed {context.seed}, {machine(device)}",
            scores=tuple(scores),
            limits=limits,
            intended_use=("Steering a language model towards an emotion",),
            forbidden_use=(
                "Passing generated texts off as a person's",
                "Writing to manipulate or to harass",
            ),
        ),
    )
