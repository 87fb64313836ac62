"""The README's figures are those on the cards."""

from pathlib import Path

import pytest

from openaffect.models import card
from openaffect.types import UnknownNameError

README = Path(__file__).parents[2] / "README.md"
ROWS = [
    ("face-emotion", "accuracy"),
    ("face-emotion", "unweighted average recall"),
    ("speech-free", "unweighted average recall"),
    ("speech-research", "unweighted average recall"),
    ("text-emotion", "macro-F1, goemotions28"),
    ("text-emotion", "macro-F1, ekman7"),
    ("text-affect", "Pearson's r, valence"),
    ("text-affect", "Pearson's r, arousal"),
    ("text-affect", "Pearson's r, dominance"),
    ("text-situation", "accuracy, situation"),
]


@pytest.mark.parametrize(("name", "measure"), ROWS)
def test_the_readme_says_what_the_card_says(name, measure):
    try:
        scores = card(name).scores
    except UnknownNameError:
        pytest.skip(f"{name} is not installed: it comes with openaffect-research")
    score = next(row for row in scores if row["measure"] == measure)
    lines = [line for line in README.read_text().splitlines() if line.startswith(f"| `{name}`")]
    for value in (score["value"], score["baseline"]["value"]):
        assert any(f"{value:.3f}".removeprefix("0") in line for line in lines), (value, lines)


def test_the_readme_counts_what_is_discovered():
    from openaffect.benchmark.protocols import PROTOCOLS
    from openaffect.models import Registry

    def found(stage):
        return Registry({stage: f"openaffect.{stage}"}).every(stage).values()

    counts = {
        "corpora": len(found("data")),
        "steps": sum(map(len, found("preprocess"))),
        "metrics": sum(map(len, found("metrics"))),
        "coded protocols": len(PROTOCOLS),
    }
    text = " ".join(README.read_text("utf-8").split())
    for name, count in counts.items():
        assert f"{count} {name}" in text, (name, count)
