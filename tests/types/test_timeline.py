import contextlib
import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openaffect.types import InvalidValueError, Timeline, Unit, concatenate, scheme

PRIMARY = scheme("primary8")
MULTI = scheme("sentiment3")
AFFECT = scheme("valence-arousal")
PROSODY = scheme("prosody")
UNITS = scheme("facs-au")


def line(rows=2, *, of=MULTI, **fields):
    facts = {
        "scores": np.full((rows, len(of)), 1 / len(of), np.float32),
        "span": np.column_stack([np.arange(rows), np.arange(rows) + 1.0]),
    }
    return Timeline(scheme=of, **(facts | fields))


@st.composite
def extras(draw, rows):
    made = {}
    for name in draw(st.lists(st.text(min_size=1, max_size=5), max_size=3, unique=True)):
        shape = (rows, *draw(st.sampled_from([(), (4,), (2, 3)])))
        dtype = draw(st.sampled_from(["float32", "float64", "int64", "uint8", "bool", "text"]))
        if dtype == "text":
            cells = np.empty(shape, dtype=object)
            for place in np.ndindex(shape):
                cells[place] = draw(st.text(max_size=4))
            made[name] = cells
            continue
        width = int(dtype[5:]) if dtype.startswith("float") else 64
        elements = (
            st.floats(allow_infinity=False, width=width) if dtype.startswith("float") else None
        )
        made[name] = draw(arrays.arrays(dtype, shape, elements=elements))
    return made


@st.composite
def timelines(draw):
    of = draw(st.sampled_from([PRIMARY, MULTI, AFFECT, PROSODY, UNITS]))
    rows = draw(st.integers(0, 4))
    low = -1e6 if of.low is None else of.low
    high = 1e6 if of.high is None else of.high
    hole = of in (AFFECT, PROSODY, UNITS)
    element = st.floats(np.float32(low), np.float32(high), width=32)
    cells = st.one_of(element, st.just(float("nan"))) if hole else element
    scores = draw(arrays.arrays(np.float32, (rows, len(of)), elements=cells))
    if of is PRIMARY:
        scores = scores + np.float32(0.1)
        scores = scores / scores.sum(axis=1, keepdims=True)
    time = st.floats(-1e9, 1e9)
    pairs = st.tuples(time, time).map(sorted)
    return Timeline(
        scheme=of,
        scores=scores,
        span=draw(st.lists(pairs, min_size=rows, max_size=rows)),
        unit=draw(st.sampled_from(Unit)),
        extra=draw(extras(rows)),
        coverage=draw(st.lists(pairs, max_size=3)),
        model=draw(st.text(max_size=5)),
    )


@given(timelines())
def test_a_timeline_survives_json(made):
    text = json.dumps(made.to_dict(), allow_nan=False)
    again = Timeline.from_dict(json.loads(text))
    assert again.equals(made)
    assert made.equals(again)
    assert json.dumps(again.to_dict(), allow_nan=False) == text


@given(timelines())
def test_copies_are_equal(made):
    assert pickle.loads(pickle.dumps(made)).equals(made)
    assert copy.deepcopy(made).equals(made)


@given(timelines(), st.data())
def test_select_picks_rows_and_concatenate_joins_them(made, data):
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made))))
    mask = mask.astype(bool)
    kept, left = made.select(mask), made.select(~mask)
    assert kept.equals(made.select(np.flatnonzero(mask)))
    assert len(kept) + len(left) == len(made)
    joined = concatenate([kept, left])
    order = np.concatenate([np.flatnonzero(mask), np.flatnonzero(~mask)])
    assert np.array_equal(joined.scores, made.scores[order], equal_nan=True)
    assert np.array_equal(joined.span, made.span[order])
    assert len(joined.coverage) == 2 * len(made.coverage)
    assert joined.extra.keys() == made.extra.keys()


@given(timelines())
def test_rows_agree_with_best_and_columns(made):
    rows = made.rows(file="clip")
    assert len(rows) == len(made)
    assert all(list(row) == made.row_names() for row in rows)
    for row, best, scores in zip(rows, made.best(), made.scores, strict=True):
        if np.isnan(scores).all():
            assert best == ""
        else:
            assert scores[made.scheme.index(best)] == np.nanmax(scores)
        if made.scheme.kind != "dimensions" and "abstain" not in made.extra:
            assert row["label"] == best


def test_the_label_is_withheld_and_unknown_subjects_are_empty():
    made = line(
        3,
        of=PRIMARY,
        extra={"abstain": np.array([False, True, False]), "subject": np.array([4, 0, -1])},
    )
    rows = made.rows(file="a.mp4")
    assert [row["label"] for row in rows] == ["anger", "", "anger"]
    assert [row["subject"] for row in rows] == [4, 0, ""]
    assert rows[1]["start"] == 1
    assert rows[1]["end"] == 2
    assert rows[0]["file"] == "a.mp4"


def test_dimensions_have_no_label_in_a_table():
    assert line(1, of=AFFECT).rows()[0]["label"] == ""


def test_best_passes_over_what_was_not_measured():
    scores = np.full((2, len(UNITS)), np.nan, np.float32)
    scores[0, [3, 5]] = 1, 2
    made = line(2, of=UNITS, scores=scores)
    assert made.best() == [UNITS.labels[5], ""]
    assert made.rows()[0]["label"] == UNITS.labels[5]


def test_to_frame_has_a_column_a_label():
    pytest.importorskip("pandas", reason="pandas is not installed (extra: tables)")
    frame = line(2).to_frame(file="a.txt")
    assert list(frame.columns) == ["file", "start", "end", "subject", "label", *MULTI.labels]
    assert frame["negative"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert list(Timeline.empty(MULTI).to_frame().columns) == list(frame.columns)


def test_column_is_by_label():
    made = line(1, scores=[[0.1, 0.2, 0.3]])
    assert made.column("positive").tolist() == pytest.approx([0.3])


def test_an_empty_timeline_keeps_what_was_looked_at():
    made = Timeline.empty(PRIMARY, coverage=[(0, 2.5)], model="m")
    assert len(made) == 0
    assert made.coverage.tolist() == [[0, 2.5]]
    assert made.best() == []
    assert Timeline.from_dict(made.to_dict()).equals(made)


def test_the_shape_of_an_extra_without_rows_survives():
    made = line(0, extra={"box": np.zeros((0, 4)), "text": np.zeros(0, dtype=object)})
    assert Timeline.from_dict(made.to_dict()).extra["box"].shape == (0, 4)


def test_arrays_are_copied_in_and_read_only():
    scores = np.full((1, 3), 0.5, np.float32)
    made = line(1, scores=scores)
    scores[:] = 0
    assert made.scores[0, 0] == 0.5
    for array in (made.scores, made.span, made.coverage):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def _primary(*values):
    return np.array([[*values, *[0.0] * (8 - len(values))]])


@pytest.mark.parametrize(
    ("of", "fields", "says"),
    [
        (MULTI, {"scores": np.zeros((2, 2))}, r"shape \(2, 2\).*\(N, 3\)"),
        (MULTI, {"scores": np.zeros(3)}, r"shape \(3,\)"),
        (MULTI, {"span": np.zeros((3, 2))}, r"span has shape \(3, 2\); expected \(2, 2\)"),
        (MULTI, {"span": [[0, 1], [2, 1]]}, "row 1 ends before it starts"),
        (MULTI, {"span": [[0, 1], [0, np.inf]]}, "finite"),
        (MULTI, {"coverage": [[3, 1]]}, "coverage row 0 ends"),
        (MULTI, {"coverage": [1, 2, 3]}, "coverage has shape"),
        (MULTI, {"scores": np.full((2, 3), 1.2)}, r"allowed is \[0.0, 1.0\]"),
        (MULTI, {"scores": np.full((2, 3), -0.1)}, r"allowed is \[0.0, 1.0\]"),
        (MULTI, {"scores": np.full((2, 3), np.nan)}, "hold NaN"),
        (PROSODY, {"scores": np.full((2, 7), np.inf)}, "infinity"),
        (PRIMARY, {"scores": _primary(0.5, 0.4), "span": [[0, 1]]}, "sums to 0.9000"),
        (MULTI, {"unit": "hours"}, "unit 'hours' is none of"),
        (MULTI, {"extra": {"a": np.zeros(3)}}, r"extra 'a' has shape \(3,\)"),
        (MULTI, {"extra": {"a": 5}}, r"extra 'a' has shape \(\)"),
        (MULTI, {"extra": {"a": [object(), object()]}}, "holds objects"),
        (MULTI, {"extra": {"a": np.zeros(2, complex)}}, "of type complex128"),
        (MULTI, {"extra": {"a": np.zeros(2, "M8[s]")}}, "of type datetime64"),
        (MULTI, {"extra": {"a": [b"x", b"y"]}}, "of type"),
    ],
)
def test_what_breaks_the_contract_is_refused(of, fields, says):
    with pytest.raises(InvalidValueError, match=says):
        line(2, of=of, **fields)


def test_rounding_errors_are_let_through():
    scores = _primary(0.5, 0.5004)
    assert len(line(1, of=PRIMARY, scores=scores)) == 1
    assert len(line(1, of=MULTI, scores=[[1.0005, -0.0005, 0]])) == 1


def test_only_like_timelines_are_joined():
    with pytest.raises(InvalidValueError, match="got none"):
        concatenate([])
    others = [line(of=PRIMARY), line(unit="char"), line(model="x")]
    for other in others:
        with pytest.raises(InvalidValueError, match="must agree"):
            concatenate([line(), other])
    with pytest.raises(InvalidValueError, match=r"extras \['a'\] and \[\]"):
        concatenate([line(), line(extra={"a": [1, 2]})])


def test_a_part_without_rows_need_not_name_the_extras():
    joined = concatenate([line(0, coverage=[[0, 1]]), line(2, extra={"a": [1, 2]})])
    assert joined.extra["a"].tolist() == [1, 2]
    assert joined.coverage.tolist() == [[0, 1]]


def _broken(**change):
    return {**line(1, extra={"a": np.array([1], np.uint8)}).to_dict(), **change}


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "text",
        _broken(format="openaffect.timeline/2"),
        _broken(scores="many"),
        _broken(scores=[[1, 2], [3]]),
        _broken(scores=[["a", "b", "c"]]),
        _broken(span=[[0, 1, 2]]),
        _broken(span=None),
        _broken(unit="hours"),
        _broken(unit=None),
        _broken(scheme={"name": "x"}),
        _broken(scheme=None),
        _broken(extra=[]),
        _broken(extra={"a": 3}),
        _broken(extra={"a": {"dtype": "object", "values": [1]}}),
        _broken(extra={"a": {"dtype": "nonsense", "values": [1]}}),
        _broken(extra={"a": {"dtype": "uint8", "values": [300]}}),
        _broken(extra={"a": {"dtype": "str", "values": [None]}}),
        _broken(extra={"a": {"dtype": "float32", "values": [{}]}}),
        _broken(coverage=[["x", "y"]]),
    ],
)
def test_json_that_is_no_timeline_is_refused(data):
    with pytest.raises(InvalidValueError):
        Timeline.from_dict(data)


@pytest.mark.parametrize("key", ["scheme", "scores", "span", "unit", "extra", "coverage", "model"])
def test_a_missing_key_is_named(key):
    data = line(1).to_dict()
    del data[key]
    with pytest.raises(InvalidValueError, match=key):
        Timeline.from_dict(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["scheme", "scores", "span", "unit", "extra", "coverage"]),
    JSON,
)
def test_no_json_value_gets_past_as_another_error(key, value):
    data = {**line(1).to_dict(), key: value}
    with contextlib.suppress(InvalidValueError):
        Timeline.from_dict(data)
