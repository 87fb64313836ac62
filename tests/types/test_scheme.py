import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.types import BUILT_IN, InvalidValueError, Kind, Scheme, UnknownNameError, scheme

NAMES = st.text(min_size=1, max_size=12)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def schemes(draw):
    labels = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    low, high = sorted(draw(st.tuples(FINITE, FINITE).filter(lambda pair: pair[0] != pair[1])))
    units = tuple(f"unit {index}" for index in range(len(labels))) if draw(st.booleans()) else ()
    return Scheme(
        draw(NAMES),
        tuple(labels),
        draw(st.sampled_from(Kind)),
        low=draw(st.sampled_from([None, low])),
        high=draw(st.sampled_from([None, high])),
        units=units,
    )


@given(schemes())
def test_a_scheme_survives_its_json_form(one):
    again = Scheme.from_dict(one.to_dict())
    assert again == one
    assert [again.index(label) for label in again.labels] == list(range(len(again)))


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_built_in_schemes_survive_their_json_form(name):
    assert Scheme.from_dict(scheme(name).to_dict()) == scheme(name)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "needs a name"),
        ({"labels": ()}, "no labels"),
        ({"labels": ("a", "a")}, "repeats a label"),
        ({"units": ("m",)}, "2 labels and 1 units"),
        ({"low": 1.0, "high": 1.0}, "low < high"),
        ({"low": float("nan")}, "low < high"),
        ({"kind": "moods"}, "kind 'moods' is none of"),
    ],
)
def test_what_cannot_be_a_scheme_is_refused(change, says):
    facts = {"name": "two", "labels": ("a", "b"), "kind": "categories"}
    with pytest.raises(InvalidValueError, match=says):
        Scheme(**(facts | change))


def test_json_with_other_keys_is_refused():
    data = scheme("sentiment3").to_dict()
    with pytest.raises(InvalidValueError, match=r"unknown keys \['colour'\]"):
        Scheme.from_dict({**data, "colour": 3})
    with pytest.raises(InvalidValueError, match="labels"):
        Scheme.from_dict({"name": "x", "kind": "categories"})


def test_an_unknown_label_or_scheme_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"'happines'; did you mean 'happiness'\?"):
        scheme("primary8").index("happines")
    with pytest.raises(UnknownNameError, match="did you mean 'goemotions28'"):
        scheme("goemotions27")


def test_a_missing_cell_of_a_table_is_an_unknown_label():
    with pytest.raises(UnknownNameError, match="nan"):
        scheme("emodb7").index(float("nan"))


def test_sizes_are_those_of_the_papers():
    sizes = {name: len(one) for name, one in BUILT_IN.items()}
    assert sizes["primary8"] == 8
    assert sizes["goemotions28"] == 28
    assert sizes["plutchik8"] == 8
    assert sizes["empathetic32"] == 32
    assert sizes["arkit52"] == 52
