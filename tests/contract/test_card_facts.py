"""What every installed card says of itself."""

import math

import pytest

from openaffect import models
from openaffect.models import Registry
from openaffect.models.catalogue import installed
from openaffect.types import Card, scheme

CARDS = list(models.cards().values())
OURS = [c for c in CARDS if c.files and all(f.source.startswith("file:") for f in c.files)]


@pytest.fixture(params=CARDS, ids=[card.name for card in CARDS])
def card(request):
    return request.param


def test_no_card_is_broken():
    assert installed().problems == ()


def test_the_card_is_complete(card):
    assert card.licence
    assert card.provenance
    assert card.training_data or not card.files
    assert card.limits
    assert card.intended_use
    assert card.forbidden_use


def test_the_card_survives_json(card):
    assert Card.from_dict(card.to_dict()) == card


def test_files_are_pinned(card):
    for file in card.files:
        assert len(file.sha256) == 64
        assert file.size > 0
        if file.source.startswith("package:"):
            assert file.wheel_sha256
            assert "==" in file.source


def test_what_runs_it_is_there(card):
    if card.implementation:
        names = Registry({"recognize": "openaffect.recognize"}).names("recognize")
        assert card.implementation in names
        assert scheme(card.scheme)


def test_labels_are_those_of_the_scheme(card):
    if card.labels and card.scheme:  # an adapter's labels name its gates
        assert sorted(card.labels) == sorted(scheme(card.scheme).labels)


def test_non_commercial_licences_say_so(card):
    words = card.licence.lower()
    if "nc" in words.split("-") or "non-commercial" in words:
        assert not card.commercial


@pytest.mark.parametrize("card", OURS, ids=lambda card: card.name)
def test_our_own_models_come_with_figures(card):
    # What follows from another model by published coordinates has no figures of its own.
    assert card.scores or any(limit.startswith("Derived:") for limit in card.limits)
    for score in card.scores:
        value = score["value"]
        numbers = list(value.values()) if isinstance(value, dict) else [value]
        assert numbers
        assert all(math.isfinite(value) for value in numbers)


@pytest.mark.parametrize("card", OURS, ids=lambda card: card.name)
def test_thresholds_are_probabilities(card):
    assert all(0 < value < 1 for value in card.thresholds.values())
