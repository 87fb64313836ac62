"""What an emotion's name can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.generate._emotion import EMOTIONS, name_of, parse
from openaffect.types import InvalidValueError, OpenAffectError, UnknownNameError


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("joy", "happiness"),
        ("Anger", "anger"),
        (" relief ", "happiness"),
        ("grief", "sadness"),
        ("Lonely", "sadness"),
        ("worried", "fear"),
        ("excited", "happiness"),
        ("rage", "anger"),
    ],
)
def test_other_names_are_known(word, name):
    assert name_of(word) == name


def test_a_blend_has_shares_of_one():
    (target,) = parse("joy:.6,surprise:.2")
    assert dict(target.shares) == pytest.approx({"happiness": 0.75, "surprise": 0.25})
    assert target.best == "happiness"
    assert target.vector().sum() == pytest.approx(1)


def test_an_arc_is_one_after_another():
    assert [target.best for target in parse("neutral->fear→relief")] == [
        "neutral", "fear", "happiness",
    ]  # fmt: skip


def test_a_point_is_the_blend_of_the_nearest_two():
    """By hand: (-.62, -.2) is .0707 from sadness (-.63, -.27) and .5504 from disgust (-.6, .35)."""
    (target,) = parse("valence:-.62, arousal:-.2")
    near, far = 1 / 0.070711, 1 / 0.550364
    assert dict(target.shares) == pytest.approx(
        {"sadness": near / (near + far), "disgust": far / (near + far)}, rel=1e-4
    )


def test_a_name_at_its_own_point_is_that_name():
    (target,) = parse("valence:0,arousal:0")
    assert dict(target.shares) == {"neutral": 1.0}


def test_a_point_is_read_in_either_order():
    assert parse("arousal:-.2,valence:.5") == parse("valence:.5, arousal:-.2")


@pytest.mark.parametrize("text", ["valence:.5", "arousal:.5", "valence:.5,valence:.5", "valence"])
def test_half_a_point_is_none(text):
    with pytest.raises(InvalidValueError, match=r"give both, as valence:\.5,arousal:-\.2"):
        parse(text)


def test_the_nearest_name_is_told():
    with pytest.raises(UnknownNameError, match=r"'hapiness'; did you mean 'happiness'\?"):
        parse("hapiness")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("joy:2", "from 0 to 1"),
        ("joy:x", "'x'"),
        ("joy,happiness", "twice"),
        ("joy:.5,sadness:.5", "cancel"),
        ("joy:0", "nothing"),
        ("", "names nothing"),
        ("fear->", "names nothing"),
        ("valence:2,arousal:0", "from -1 to 1"),
    ],
)
def test_what_makes_no_sense_is_named(text, told):
    with pytest.raises(InvalidValueError, match=told):
        parse(text)


@given(st.text(max_size=40))
def test_any_text_is_a_target_or_an_error_of_ours(text):
    try:
        targets = parse(text)
    except OpenAffectError:
        return
    for target in targets:
        assert set(target.shares) <= set(EMOTIONS)
        assert sum(target.shares.values()) == pytest.approx(1)
