"""Write the card of a model that was trained here, from what was measured."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from openaffect.types import Card, WeightFile

from .context import save_json
from .export import digest

FORBIDDEN = (
    "Inferring emotions of people at work or in education in the European Union "
    "(Regulation (EU) 2024/1689, article 5(1)(f))",
    "Decisions about a person: hiring, policing, insurance, medical diagnosis",
    "Covert use: people are to be told that emotion recognition runs",
)

ABSTAIN_BELOW = 0.5
"""Best-label probability under which a calibrated model is wrong more often than right."""


def weight_file(role: str, path: Path) -> WeightFile:
    """Describe a file that lies beside the card."""
    return WeightFile(role, f"file:{path.name}", digest(path), path.stat().st_size)


def save_card(folder: Path, card: Card) -> Path:
    """Write the card as ``NAME.json`` in ``folder``."""
    path = folder / f"{card.name}.json"
    save_json(path, card.to_dict())
    return path


def machine(device: str = "cpu") -> dict[str, str]:
    """What the figures were measured with.

    device: the torch device of the run; one of CUDA is named, as ``accelerator``.
    """
    found = {
        "python": platform.python_version(),
        "processor": platform.machine(),
        "torch": version("torch"),
        "onnxruntime": version("onnxruntime"),
    }
    if device.startswith("cuda"):
        import torch

        found["accelerator"] = torch.cuda.get_device_name(device)
    return found


def affect_card(emotion: Card, name: str) -> Card:
    """The card of valence and arousal, which are derived from the same network's answers."""
    seen = {"face": "face", "speech": "voice"}[emotion.modality]
    return replace(
        emotion,
        name=name,
        task=f"{emotion.modality}.affect",
        implementation=f"{emotion.modality}_affect",
        scheme="valence-arousal",
        labels=("valence", "arousal"),
        files=tuple(file for file in emotion.files if file.role == "model"),
        preprocessing={
            **emotion.preprocessing,
            "emotion_scheme": emotion.scheme,
            "emotions": list(emotion.labels),
        },
        calibration={},
        scores=(),
        paper="Russell and Mehrabian, 1977, Evidence for a three-factor theory of emotions, "
        "Journal of Research in Personality 11(3)",
        limits=(
            "Derived: the mean of published places of the emotions, weighed by their probability; "
            f"not measured on the {seen} and not validated against ratings",
            *emotion.limits,
        ),
    )


def by_label(labels: tuple[str, ...], values: NDArray[Any]) -> dict[str, float]:
    """Pair labels with rounded numbers."""
    return {name: round(float(value), 4) for name, value in zip(labels, values, strict=True)}


def parity_row(name: str, measured: Any) -> Mapping[str, Any]:
    """Turn a parity into a row of the card's scores."""
    return {
        "measure": f"parity, {name}",
        "value": round(measured.agreement, 4),
        "largest_difference": round(measured.largest, 4),
        "mean_difference": round(measured.mean, 5),
        "rows": measured.rows,
    }
