"""Cards in the folders of ``OPENAFFECT_WEIGHTS``: the user's own models."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from openaffect.models import card, catalogue
from openaffect.models.catalogue import installed, read_card
from openaffect.models.store import Store
from openaffect.types import Card

from .conftest import card_of, sha256, weight_file


def write(folder: Path, made: Card, file: str = "") -> None:
    folder.mkdir(exist_ok=True)
    (folder / (file or f"{made.name}.json")).write_text(json.dumps(made.to_dict()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "mine"
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", f"{tmp_path / 'absent'}{os.pathsep}{home}")
    catalogue._catalogue.cache_clear()
    return home


def test_a_card_and_its_file_are_found(folder: Path, tmp_path: Path) -> None:
    mine = card_of(weight_file("file:mine.onnx", b"weights", name="mine.onnx"), name="mine")
    write(folder, mine)
    (folder / "mine.onnx").write_bytes(b"weights")
    (folder / "report.json").write_text('{"value": 0.5}')
    (folder / "mine.tokenizer.json").write_text("{}")
    assert card("mine") == mine
    assert installed().problems == ()
    found = Store(tmp_path / "cache", offline=True).fetch(mine, "model")
    assert sha256(found.read_bytes()) == mine.files[0].sha256


def test_a_broken_card_is_named_and_the_others_stay(folder: Path) -> None:
    write(folder, card_of(name="mine"))
    broken = {**card_of(name="broken").to_dict(), "unheard": 1}
    (folder / "broken.json").write_text(json.dumps(broken))
    found = installed()
    assert "mine" in found.cards and "broken" not in found.cards
    (problem,) = found.problems
    assert problem.startswith(str(folder / "broken.json")) and "unheard" in problem


def test_a_built_in_name_is_not_taken_over_silently(folder: Path) -> None:
    write(folder, card_of(name="silero-vad"))
    built_in = read_card(Path(catalogue.__file__).parent / "cards" / "whisper-base.json")
    write(folder, built_in)  # a copy of what is installed changes nothing
    assert card("silero-vad").task == "speech.activity"
    (problem,) = installed().problems
    assert "'silero-vad' is already in" in problem


def test_a_huge_folder_and_a_huge_file_stay_bounded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_FILES", 2)
    monkeypatch.setattr(catalogue, "MOST_BYTES", 5000)
    write(folder, card_of(name="mine"))
    write(folder, card_of(name="large", limits=("x" * 6000,)), "a.json")
    write(folder, card_of(name="late"), "z.json")
    found = installed()
    assert "mine" in found.cards and not {"large", "late"} & set(found.cards)
    (problem,) = found.problems
    assert "holds 3 JSON files" in problem
