"""Every card that ships: complete, consistent, and readable as its sources say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import openaffect.models as models
from openaffect.models.catalogue import installed, read_catalogue
from openaffect.models.sources import address, wheel_parts
from openaffect.types import Card, scheme

FOLDER = Path(models.__file__).parent / "cards"
CARDS = read_catalogue([FOLDER])
MEASURED = ("speech-prosody", "speech-voice", "text-roles")
"""By rule, without weights."""


def test_the_folder_has_the_cards_that_others_rely_on() -> None:
    assert set(CARDS.cards) == {
        "blazeface-full", "blazeface-short", "face-action-units", "face-landmarker",
        "efficientnet-lite0", "face-mesh-468", "gemma3-270m", "glove-6b-50d", "minilm-l6",
    "smollm2-135m-instruct", "silero-vad",
        "speech-prosody", "speech-voice", "text-roles", "whisper-base",
    }  # fmt: skip
    assert CARDS.problems == ()


def test_nothing_installed_is_left_out() -> None:
    assert installed().problems == ()


@pytest.mark.parametrize("card", CARDS.cards.values(), ids=lambda card: card.name)
def test_a_card_says_what_a_user_must_know(card: Card) -> None:
    assert (FOLDER / f"{card.name}.json").is_file()
    for field in (
        "task", "licence", "paper", "provenance", "limits", "intended_use", "forbidden_use",
        "preprocessing",
    ):  # fmt: skip
        assert getattr(card, field), f"{card.name} says nothing of {field}"
    assert bool(card.files) == bool(card.training_data) == (card.name not in MEASURED)
    assert card.task.startswith(f"{card.modality}.")
    if card.scheme:
        assert card.labels == scheme(card.scheme).labels
    assert Card.from_dict(json.loads(json.dumps(card.to_dict()))) == card


@pytest.mark.parametrize("card", CARDS.cards.values(), ids=lambda card: card.name)
def test_a_cards_sources_are_pinned(card: Card) -> None:
    for file in card.files:
        if file.source.startswith("package:"):
            for part in wheel_parts(file):
                assert part.wheel.removesuffix(".tar.gz").split("-")[1] == part.version
        else:
            assert address(file).startswith("https://")
    by_name = {file.name: file.sha256 for file in card.files}
    assert all(by_name[file.name] == file.sha256 for file in card.files)


def test_names_are_looked_up_with_the_nearest() -> None:
    assert models.card("silero-vad").licence == "MIT"
    assert list(models.cards()) == sorted(models.cards())
    with pytest.raises(LookupError, match="did you mean 'silero-vad'"):
        models.card("silero_vad")


def test_the_module_answers_a_call_with_the_cards() -> None:
    assert models() == models.cards()  # type: ignore[operator]


def test_a_broken_card_takes_no_other_away(tmp_path: Path) -> None:
    good = CARDS.cards["silero-vad"].to_dict()
    (tmp_path / "a.json").write_text(json.dumps(good))
    (tmp_path / "b.json").write_text(json.dumps(good))
    (tmp_path / "c.json").write_text("{")
    (tmp_path / "d.json").write_text("[]")
    (tmp_path / "e.json").write_text(json.dumps({**good, "name": "e", "unheard": 1}))
    found = read_catalogue([tmp_path, tmp_path / "absent"])
    assert list(found.cards) == ["silero-vad"]
    assert found.folders == {"silero-vad": tmp_path}
    assert [Path(problem.split(": ")[0]).name for problem in found.problems] == [
        "b.json", "c.json", "d.json", "e.json",
    ]  # fmt: skip
    assert "already" in found.problems[0] and "unheard" in found.problems[3]
