import numpy as np
import pytest

from openaffect.pipeline.people_summary import summaries
from openaffect.types import Analysis, Timeline, scheme

LABELS = scheme("primary8").labels


def face(rows, *, affect=None):
    """rows: (subject, start, end, label, score, abstain)."""
    scores = np.zeros((len(rows), 8))
    for row, (_, _, _, label, score, _) in enumerate(rows):
        scores[row] = (1 - score) / 7
        scores[row, LABELS.index(label)] = score
    span = [row[1:3] for row in rows]
    extra = {
        "subject": np.array([row[0] for row in rows]),
        "abstain": np.array([row[5] for row in rows]),
    }
    lines = {"face.emotion": Timeline(scheme("primary8"), scores, span, extra=extra)}
    if affect is not None:
        lines["face.affect"] = Timeline(scheme("valence-arousal"), affect, span, extra=extra)
    return Analysis("clip", timelines=lines)


def steady(subject, start, end, label, score=0.8, every=0.25, abstain=False):
    times = np.arange(start, end - 1e-9, every)
    return [(subject, t, t + every, label, score, abstain) for t in times.tolist()]


def test_time_is_shared_out_by_hand():
    rows = steady(0, 0, 3, "happiness") + steady(0, 3, 4, "sadness") + steady(1, 1, 2, "anger")
    first, second = summaries(face(rows))
    assert (first.subject, second.subject) == (0, 1)
    assert first.seconds == pytest.approx(4)
    assert first.share["happiness"] == pytest.approx(0.75)
    assert first.share["sadness"] == pytest.approx(0.25)
    assert sum(first.share.values()) == pytest.approx(1)
    assert first.present.tolist() == [[0, 4]]
    assert second.share["anger"] == pytest.approx(1)


def test_a_long_row_counts_for_as_long_as_it_lasts():
    rows = [(0, 0, 3, "happiness", 0.9, False), (0, 3, 4, "fear", 0.9, False)]
    assert summaries(face(rows))[0].share["happiness"] == pytest.approx(0.75)


def test_what_was_abstained_from_is_told_apart():
    rows = steady(0, 0, 1, "happiness") + steady(0, 1, 4, "anger", abstain=True)
    (one,) = summaries(face(rows))
    assert one.seconds == pytest.approx(4)
    assert one.unsure == pytest.approx(3)
    assert one.share["happiness"] == pytest.approx(1)
    (none,) = summaries(face(steady(0, 0, 1, "anger", abstain=True)))
    assert set(none.share.values()) == {0.0}
    assert none.peaks == ()


def test_changes_are_counted_and_flickers_are_not():
    rows = (
        steady(0, 0, 1, "neutral")
        + steady(0, 1, 1.25, "fear")
        + steady(0, 1.25, 2, "neutral")
        + steady(0, 2, 3, "happiness")
        + steady(0, 3, 4, "neutral")
    )
    (one,) = summaries(face(rows))
    neutral, happiness = LABELS.index("neutral"), LABELS.index("happiness")
    assert one.transitions[neutral, happiness] == 1
    assert one.transitions[happiness, neutral] == 1
    assert one.transitions.sum() == 2


def test_nothing_is_said_of_what_happened_while_away():
    rows = steady(0, 0, 1, "neutral") + steady(0, 9, 10, "happiness")
    (one,) = summaries(face(rows))
    assert one.transitions.sum() == 0
    assert one.present.tolist() == [[0, 1], [9, 10]]


def test_the_path_is_the_mean_of_each_second():
    rows = steady(0, 0, 2, "happiness", every=0.5)
    (one,) = summaries(face(rows, affect=[[0.2, 0.1], [0.4, 0.3], [-1, 0], [-0.5, 1]]))
    np.testing.assert_allclose(one.affect, [[0.5, 0.3, 0.2], [1.5, -0.75, 0.5]], atol=1e-6)


def test_peaks_are_strong_apart_and_no_calm():
    rows = steady(0, 0, 10, "neutral", 0.99, every=1)
    rows[2] = (0, 2, 3, "happiness", 0.9, False)
    rows[3] = (0, 3, 4, "happiness", 0.8, False)
    rows[7] = (0, 7, 8, "anger", 0.7, False)
    (one,) = summaries(face(rows))
    assert [(p.time, p.label) for p in one.peaks] == [(2, "happiness"), (7, "anger")]
    assert one.peaks[0].score == pytest.approx(0.9)
    assert len(summaries(face(rows), peaks=1)[0].peaks) == 1


def test_the_one_longest_on_screen_comes_first():
    rows = steady(0, 0, 1, "anger") + steady(1, 0, 5, "anger") + steady(2, 0, 1, "anger")
    assert [one.subject for one in summaries(face(rows))] == [1, 0, 2]


def test_no_people_over_time_is_an_empty_list():
    assert summaries(Analysis("text")) == []
    whole = Timeline(
        scheme("primary8"), np.eye(8)[:1], [[0, 0]], unit="whole", extra={"subject": [0]}
    )
    assert summaries(Analysis("still", timelines={"face.emotion": whole})) == []
    nobody = Timeline.empty(scheme("primary8"), coverage=[[0, 9]])
    assert summaries(Analysis("empty", timelines={"face.emotion": nobody})) == []


def test_json_values():
    import json

    (one,) = summaries(face(steady(0, 0, 2, "happiness")))
    assert json.loads(json.dumps(one.to_dict()))["share"]["happiness"] == 1
