import pytest

from openaffect.models import Store
from openaffect.pipeline.kit import Kit
from openaffect.pipeline.notes import Notes
from openaffect.pipeline.options import Options


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any weights and without a network."""
    monkeypatch.delenv("OPENAFFECT_WEIGHTS", raising=False)
    return lambda **options: Kit(Options(**options), store=Store(tmp_path, offline=True))


def test_what_is_missing_is_named_with_its_remedy(bare):
    notes = Notes()
    assert bare().faces(notes) is None
    assert any("openaffect models pull blazeface-full" in line for line in notes.warnings)


def test_the_same_absence_is_told_to_each_analysis(bare):
    kit = bare()
    told = []
    for _ in range(2):
        notes = Notes()
        assert kit.voice(notes) is None
        told.append(notes.warnings)
    assert told[0] == told[1] != ()


def test_cards_that_are_missing_are_not_listed(bare):
    notes = Notes()
    bare().faces(notes)
    assert "blazeface-full" not in {card.name for card in notes.cards}


def test_a_licence_that_forbids_commerce_is_told(bare):
    from dataclasses import replace

    from openaffect.models import card

    class Loader:
        def card(self, name):
            return replace(card("silero-vad"), files=(), commercial=False, licence="CC-BY-NC-4.0")

        def weights(self, found, *, threads=None):
            return found

    kit = bare()
    kit._loader = Loader()
    notes = Notes()
    kit._weights("silero-vad", notes)
    assert notes.warnings == ("silero-vad: the licence of its weights is CC-BY-NC-4.0",)


@pytest.mark.parametrize("landmarker", [False, True])
def test_a_mesh_without_irises_says_what_is_missing(bare, monkeypatch, landmarker):
    from types import SimpleNamespace

    from openaffect.models import card

    def weights(kit, name, notes, fetch=True):
        if name == "face-landmarker" and not landmarker:
            return None
        return SimpleNamespace(card=card(name), session=lambda role: role)

    monkeypatch.setattr(Kit, "_weights", weights)
    notes = Notes()
    assert bare().faces(notes).find.variant == ("478" if landmarker else "468")
    told = [line for line in notes.warnings if "gaze" in line and "face-landmarker" in line]
    assert len(told) == (not landmarker)
