"""What every recogniser promises, for every one that is discovered."""

import importlib

import numpy as np
import pytest

from openaffect import models
from openaffect.models import CardWeights, Registry, Store
from openaffect.types import InvalidValueError, OpenAffectError, Recognizer, Timeline, scheme

from .stand_ins import WRONG, StandInWeights, batch, stand_in_card

REGISTRY = Registry({"recognize": "openaffect.recognize"})
NAMES = REGISTRY.names("recognize")


def cards_of(name):
    """Return the installed cards that this implementation runs, or a stand-in for them."""
    recognizer = REGISTRY.implementation("recognize", name)
    installed = [card for card in models.cards().values() if card.implementation == name]
    return installed or [stand_in_card(name, recognizer.modality)]


CASES = [(name, card) for name in NAMES for card in cards_of(name)]


@pytest.fixture(params=CASES, ids=[f"{name}-{card.name}" for name, card in CASES])
def case(request, tmp_path_factory):
    name, card = request.param
    folder = tmp_path_factory.mktemp("stand-in")
    return REGISTRY.implementation("recognize", name)(StandInWeights(card, folder)), card


def test_something_is_discovered():
    assert {"face_emotion", "speech_emotion", "text_emotion"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_module_exports_its_class(name):
    module = importlib.import_module(f"openaffect.recognize.{name}")
    assert module.RECOGNIZER.modality in ("face", "speech", "text")
    assert module.RECOGNIZER.__doc__
    assert module.__doc__
    assert name.startswith(f"{module.RECOGNIZER.modality}_")


def test_it_is_a_recognizer_of_its_card(case):
    recognizer, card = case
    assert isinstance(recognizer, Recognizer)
    assert recognizer.card.name == card.name
    assert recognizer.modality == card.modality


def test_nothing_in_gives_no_rows(case):
    recognizer, card = case
    timeline = recognizer([])
    assert len(timeline) == 0
    assert timeline.scheme == scheme(card.scheme)
    assert timeline.model == card.name


def test_one_row_an_item_that_speaks_of_the_whole(case):
    recognizer, card = case
    timeline = recognizer(batch(recognizer.modality))
    assert len(timeline) == 5
    assert timeline.unit == "whole"
    assert not timeline.span.any()
    assert timeline.scheme == scheme(card.scheme)
    assert timeline.model == card.name


def test_a_batch_is_its_items_one_by_one(case):
    recognizer, _ = case
    items = batch(recognizer.modality, 70)
    together = recognizer(items)
    for row in (0, 1, 2, 3, 4, 33, 69):
        alone = recognizer([items[row]])
        np.testing.assert_allclose(alone.scores[0], together.scores[row], atol=1e-5)
        for key, values in alone.extra.items():
            assert values[0] == together.extra[key][row]


def test_order_is_kept(case):
    recognizer, _ = case
    items = batch(recognizer.modality)
    order = [3, 0, 4, 2, 1]
    shuffled = recognizer([items[row] for row in order])
    assert shuffled.equals(recognizer(items).select(order))


def test_the_same_again_gives_the_same(case):
    recognizer, _ = case
    assert recognizer(batch(recognizer.modality)).equals(recognizer(batch(recognizer.modality)))


def test_inputs_are_left_as_they_were(case):
    recognizer, _ = case
    items = batch(recognizer.modality)
    recognizer(items)
    for item, fresh in zip(items, batch(recognizer.modality), strict=True):
        np.testing.assert_array_equal(item, fresh)


def test_results_are_read_only_and_survive_json(case):
    recognizer, _ = case
    timeline = recognizer(batch(recognizer.modality))
    for array in (timeline.scores, timeline.span, *timeline.extra.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert Timeline.from_dict(timeline.to_dict()).equals(timeline)


def test_a_wrong_item_is_named_by_its_index(case):
    recognizer, _ = case
    good = batch(recognizer.modality, 1)
    for wrong in WRONG[recognizer.modality]:
        with pytest.raises(InvalidValueError, match=r"\b1\b"):
            recognizer([*good, wrong])


def test_a_bare_item_is_refused(case):
    recognizer, _ = case
    with pytest.raises(OpenAffectError):
        recognizer(batch(recognizer.modality, 4)[3] if recognizer.modality != "text" else "a text")


SHIPPED = [
    card
    for card in models.cards().values()
    if card.implementation and card.files and all(f.source.startswith("file:") for f in card.files)
]


@pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.name)
def test_shipped_weights_keep_the_promises_too(card):
    """Quantised networks round by the batch, so batch and single agree within 0.05."""
    recognizer = REGISTRY.implementation("recognize", card.implementation)(
        CardWeights(card, Store(offline=True))
    )
    items = batch(card.modality)
    together = recognizer(items)
    assert len(together) == len(items)
    alone = np.concatenate([recognizer([item]).scores for item in items])
    np.testing.assert_allclose(alone, together.scores, atol=0.05)
    assert recognizer(items).equals(together)
    assert len(recognizer([])) == 0
