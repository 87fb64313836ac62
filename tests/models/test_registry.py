"""Discovery: by folder and entry point, importing nothing until it is asked for."""

from __future__ import annotations

import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from openaffect.models import catalogue
from openaffect.models.registry import Registry
from openaffect.types import Card, InvalidValueError, UnknownNameError


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    package = tmp_path / "made_up" / "recognize"
    package.mkdir(parents=True)
    (tmp_path / "made_up" / "__init__.py").touch()
    (package / "__init__.py").write_text("raise AssertionError('imported to list')")
    (package / "face_one.py").write_text("RECOGNIZER = int")
    (package / "face_none.py").touch()
    (package / "_base.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.startswith("made_up")]:
        monkeypatch.delitem(sys.modules, name)
    return Registry({"recognize": "made_up.recognize"})


def plug_in(monkeypatch: pytest.MonkeyPatch, *points: EntryPoint) -> None:
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda *, group: [point for point in points if point.group == group],
    )


def test_modules_are_listed_without_import(registry: Registry) -> None:
    assert registry.names("recognize") == ("face_none", "face_one")


def test_the_class_is_imported_on_demand(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "made_up" / "recognize" / "__init__.py").write_text("")
    assert registry.implementation("recognize", "face_one") is int
    with pytest.raises(InvalidValueError, match=r"RECOGNIZER = \.\.\."):
        registry.implementation("recognize", "face_none")


def test_third_parties_plug_in(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(
        monkeypatch,
        EntryPoint("voice", "made_up.elsewhere", "openaffect.recognize"),
        EntryPoint("face_one", "made_up.intruder", "openaffect.recognize"),
    )
    assert registry.names("recognize") == ("face_none", "face_one", "voice")


def test_unknown_names_are_told_with_the_nearest(registry: Registry) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'face_one'"):
        registry.implementation("recognize", "face_on")
    with pytest.raises(UnknownNameError, match="not 'generate'"):
        registry.names("generate")
    with pytest.raises(UnknownNameError, match="no stage is called 'recognise'"):
        Registry({"recognise": "made_up"})


def test_a_plug_ins_cards_are_read_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "more_cards"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise AssertionError('imported to list')")
    card = Card("plugged", "face.stub", "face", licence="MIT")
    (folder / "plugged.json").write_text(json.dumps(card.to_dict()))
    monkeypatch.syspath_prepend(tmp_path)
    plug_in(
        monkeypatch,
        EntryPoint("more", "more_cards", "openaffect.cards"),
        EntryPoint("gone", "not_installed.cards", "openaffect.cards"),
    )
    catalogue._catalogue.cache_clear()
    try:
        assert catalogue.installed().card("plugged") == card
        assert catalogue.installed().folders["plugged"] == folder
    finally:
        monkeypatch.undo()
        catalogue._catalogue.cache_clear()


def test_the_real_recognisers_are_listed() -> None:
    names = Registry({"recognize": "openaffect.recognize"}).names("recognize")
    assert not [name for name in names if name.startswith("_")]
