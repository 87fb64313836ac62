from hypothesis import given
from hypothesis import strategies as st

from openaffect.pipeline.spans import group_spans, merge_spans

spans = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=12,
)


def test_touching_and_overlapping_spans_join():
    merged = merge_spans([(5, 6), (0, 1), (1, 2), (1.5, 3)])
    assert merged.tolist() == [[0, 3], [5, 6]]


def test_no_spans_merge_to_none():
    assert merge_spans([]).shape == (0, 2)


@given(spans)
def test_merging_keeps_every_instant_and_no_other(rows):
    inside = {t for start, end in rows for t in range(start, end)}
    merged = merge_spans(rows)
    assert inside == {t for start, end in merged for t in range(int(start), int(end))}
    assert (merged[1:, 0] > merged[:-1, 1]).all()


def test_neighbours_group_until_the_longest():
    rows = [(0.0, 10.0), (11.0, 20.0), (20.5, 31.0), (50.0, 51.0)]
    assert group_spans(rows, longest=28, gap=2) == [(0.0, 20.0), (20.5, 31.0), (50.0, 51.0)]


def test_a_span_beyond_the_longest_is_cut_evenly():
    assert group_spans([(0.0, 60.0)], longest=28, gap=2) == [(0, 20), (20, 40), (40, 60)]


@given(spans)
def test_groups_stay_within_the_longest_and_lose_nothing(rows):
    ordered = [(float(a), float(b)) for a, b in merge_spans(rows)]
    groups = group_spans(ordered, longest=15, gap=3)
    assert all(end - start <= 15 + 1e-9 for start, end in groups)
    for start, end in ordered:
        assert sum(max(0, min(end, b) - max(start, a)) for a, b in groups) >= end - start - 1e-9
