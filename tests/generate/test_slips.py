"""Slips and hesitations: as many as asked, where they may be, and undone."""

import difflib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.generate._slips import _FILLERS, rates, slipped, undone
from openaffect.types import InvalidValueError

TEXT = (
    "The morning train to Bern was late again, and Anna waited on platform 12 with three other "
    "people who didn't speak. She thought about the letter that had come before breakfast, and "
    "about everything that her brother would say when he finally heard the news about the house."
)


def test_nothing_asked_is_nothing_made():
    assert slipped(TEXT, seed=3) == (TEXT, ())


@pytest.mark.parametrize("seed", range(20))
def test_the_rates_made_are_the_rates_asked(seed):
    """Of 47 words (12 is none) .1 are 4.7 slips, which is 4 or 5; .06 are 2.8 hesitations."""
    text, changes = slipped(TEXT, slips=0.1, hesitations=0.06, seed=seed)
    made, paused = rates(text, changes)
    assert abs(made - 0.1) <= 1 / 47
    assert abs(paused - 0.06) <= 1 / 47


def test_every_slip_is_one_of_damerau_s():
    """One letter too many, missing, wrong or swapped: at most one edit, or two at a swap."""
    for seed in range(60):
        _, changes = slipped(TEXT, slips=0.2, seed=seed)
        for change in changes:
            made, meant = change.made, change.meant
            assert made != meant
            assert made[0] == meant[0]
            assert abs(len(made) - len(meant)) <= 1
            if len(made) == len(meant):
                wrong = [i for i in range(len(made)) if made[i] != meant[i]]
                swapped = len(wrong) == 2 and sorted(made) == sorted(meant)
                assert len(wrong) == 1 or swapped
            else:
                longer, shorter = sorted((made, meant), key=len, reverse=True)
                blocks = difflib.SequenceMatcher(None, longer, shorter).get_matching_blocks()
                assert sum(block.size for block in blocks) == len(shorter)


def test_names_and_numbers_stay():
    for seed in range(30):
        text, _ = slipped(TEXT, slips=0.5, hesitations=0.3, seed=seed)
        for kept in ("The", "Bern", "Anna", "12", "She"):
            assert kept in text


def test_hesitations_are_fillers_before_words():
    text, changes = slipped(TEXT, hesitations=0.2, seed=1)
    assert changes
    for change in changes:
        assert change.made.strip(" ,") in _FILLERS
        assert text[change.at :].startswith(change.made)


def test_hesitations_stand_between_commas():
    text, changes = slipped("It was late. They left, all of them.", hesitations=0.5, seed=0)
    assert len(changes) == 4
    assert not re.search(r"[^.,!?] (?:um|uh|well|I mean|you know|hmm),", text)
    assert not re.search(r"\. [a-z]|,,|\.,", text)


def test_the_seed_chooses():
    assert slipped(TEXT, slips=0.2, seed=1) == slipped(TEXT, slips=0.2, seed=1)
    assert slipped(TEXT, slips=0.2, seed=1) != slipped(TEXT, slips=0.2, seed=2)


@given(
    st.text(alphabet="abcdefghij ABÄé.,-'\n12", max_size=200),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_what_was_done_is_undone(text, slips, hesitations, seed):
    changed, changes = slipped(text, slips=slips, hesitations=hesitations, seed=seed)
    assert undone(changed, changes) == text


@pytest.mark.parametrize("choices", [{"slips": 0.6}, {"hesitations": -0.1}])
def test_rates_out_of_range_are_named(choices):
    with pytest.raises(InvalidValueError, match=r"give 0 to 0\.5"):
        slipped(TEXT, **choices)
