"""What a rewriting must not lose."""

import pytest

from openaffect.generate._facts import lost, names, negations, numbers

SOURCE = "We told Anna's son that the 9.30 train does not stop in Bern, twice."


def test_what_is_found():
    assert set(names(SOURCE)) == {"Anna", "Bern"}
    assert dict(numbers(SOURCE)) == {"9.30": 1, "twice": 1}
    assert negations(SOURCE) == 1


def test_the_beginning_of_a_sentence_makes_no_name():
    assert not names('The sun shone. Nobody came. "Well," he said. I\'m here, I think.')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Sadly, {SOURCE}", ""),
        ("We told Anna's son that the 9.30 train can't stop in Bern, twice.", ""),
        (SOURCE.replace("Bern", "Rome"), "'Bern' is gone"),
        (SOURCE.replace("son", "son Tom"), "'Tom' is new"),
        (SOURCE.replace("9.30", "9.40"), "numbers"),
        (SOURCE.replace("twice", "again"), "numbers"),
        (SOURCE.replace("does not stop", "stops"), "negation"),
    ],
)
def test_what_is_lost_or_invented_is_told(text, told):
    assert told in lost(SOURCE, text)
    assert bool(lost(SOURCE, text)) == bool(told)
