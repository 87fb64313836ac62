"""From a name to a recogniser: cards, tasks, modalities and licences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openaffect.models import catalogue, inventory
from openaffect.models.loading import Loader
from openaffect.models.registry import Registry
from openaffect.models.store import Store
from openaffect.types import (
    Card,
    InvalidValueError,
    LicenceError,
    UnknownNameError,
    Weights,
)

from .conftest import card_of, catalogue_of, weight_file


class Stub:
    def __init__(self, weights: Weights) -> None:
        self.card = weights.card
        self.weights = weights


class StubRegistry(Registry):
    def __init__(self) -> None:
        super().__init__({"recognize": "openaffect.recognize"})

    def implementation(self, stage: str, name: str) -> type[Stub]:
        assert (stage, name) == ("recognize", "speech_stub")
        return Stub


def speech(name: str, **more: object) -> Card:
    facts = {"task": "speech.emotion", "modality": "speech", "implementation": "speech_stub"}
    return card_of(name=name, **{**facts, "commercial": True, **more})


FREE = speech("speech-free", rank=10)
RESEARCH = speech("speech-research", rank=20, commercial=False, licence="CC-BY-NC-SA-4.0")
PART = speech("part", task="speech.activity", implementation="")
CARDS = catalogue_of(FREE, RESEARCH, PART)


def loader(tmp_path: Path, **more: object) -> Loader:
    store = Store(tmp_path, offline=True, catalogue=CARDS)
    options = {"catalogue": CARDS, **more}
    return Loader(StubRegistry(), store, **options)  # type: ignore[arg-type]


def test_a_modality_takes_the_best_card_the_licence_allows(tmp_path: Path) -> None:
    assert loader(tmp_path).load("speech").card is RESEARCH
    assert loader(tmp_path, license="permissive").load("speech").card is FREE


@pytest.mark.parametrize("name", ["speech-free", "speech-research"])
def test_a_cards_name_takes_that_card(tmp_path: Path, name: str) -> None:
    assert loader(tmp_path).load(name).card.name == name


def test_a_task_is_a_name_too(tmp_path: Path) -> None:
    assert loader(tmp_path).load("speech.emotion").card is RESEARCH
    assert loader(tmp_path).card("speech.activity") is PART


def test_the_licence_setting_excludes_by_name(tmp_path: Path) -> None:
    with pytest.raises(LicenceError, match=r"CC-BY-NC-SA-4\.0.*permissive"):
        loader(tmp_path, license="permissive").load("speech-research")
    only = catalogue_of(RESEARCH)
    with pytest.raises(LicenceError, match="speech-research"):
        loader(tmp_path, license="permissive", catalogue=only).load("speech")
    with pytest.raises(InvalidValueError, match="'free'"):
        loader(tmp_path, license="free")


def test_a_non_commercial_licence_is_noticed(tmp_path: Path) -> None:
    said: list[str] = []
    loader(tmp_path, notice=said.append).load("speech-free")
    assert said == []
    loader(tmp_path, notice=said.append).load("speech-research")
    assert said == ["speech-research: the licence of its weights is CC-BY-NC-SA-4.0"]


def test_a_part_is_no_recogniser_but_has_weights(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="a part that other models use"):
        loader(tmp_path).load("part")
    assert loader(tmp_path).weights("part").card is PART


def test_unknown_names_are_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'speech'"):
        loader(tmp_path).load("speeech")
    with pytest.raises(UnknownNameError, match="no card, task or modality"):
        loader(tmp_path).load("text")


def test_settings_reach_the_weights(tmp_path: Path) -> None:
    built = loader(tmp_path, threads=3, device="cuda").load("speech-free")
    assert isinstance(built, Stub)
    assert vars(built.weights)["_threads"] == 3
    assert vars(built.weights)["_device"] == "cuda"


def test_the_listing_tells_what_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.onnx").write_bytes(b"weights")
    here = speech("here", files=(weight_file("file:m.onnx", b"weights"),))
    gone = speech("gone", files=(weight_file("url:https://e.org/g.onnx", b"x" * 9),))
    for card in (here, gone):
        (tmp_path / f"{card.name}.json").write_text(json.dumps(card.to_dict()))
    found = catalogue.read_catalogue([tmp_path])
    monkeypatch.setattr(inventory, "installed", lambda: found)
    lines = inventory.listing(Store(tmp_path / "cache", catalogue=found))
    assert [(line.name, line.size, line.cached, line.path) for line in lines] == [
        ("gone", 9, False, None),
        ("here", 7, True, tmp_path),
    ]
    assert lines[0].licence == "Apache-2.0" and lines[0].commercial
