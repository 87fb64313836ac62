import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openaffect.types import InvalidValueError, SchemeMapping, Timeline, UnknownNameError, scheme
from openaffect.types.mappings import (
    EMODB_TO_PRIMARY,
    GOEMOTIONS_TO_EKMAN,
    GOEMOTIONS_TO_SENTIMENT,
    MAPPINGS,
    RAVDESS_TO_PRIMARY,
    SPEECH_TO_PRIMARY,
    chain,
)

SHARES = (EMODB_TO_PRIMARY, RAVDESS_TO_PRIMARY, SPEECH_TO_PRIMARY)


def timeline(mapping, scores):
    scores = np.atleast_2d(scores)
    span = np.zeros((len(scores), 2))
    return Timeline(
        mapping.source, scores, span, extra={"subject": np.arange(len(scores))}, model="m"
    )


def official():
    folders = [os.environ.get("OPENAFFECT_DATA"), Path(__file__).parents[3] / "shared" / "data"]
    for folder in filter(None, folders):
        path = Path(folder) / "text" / "goemotions-labels.json"
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    pytest.skip("goemotions-labels.json is not here; OPENAFFECT_DATA names the folder of data")


def test_goemotions_labels_and_groups_are_the_official_ones():
    file = official()
    assert list(scheme("goemotions28").labels) == file["labels"]
    ours = {label: set(members) for label, members in GOEMOTIONS_TO_EKMAN.groups.items()}
    theirs = {label: set(members) for label, members in file["ekman"].items()}
    theirs["happiness"] = theirs.pop("joy")
    assert ours == theirs
    groups = {name: set(members) for name, members in file["sentiment"].items()}
    ambiguous = groups.pop("ambiguous")
    assert {k: set(v) for k, v in GOEMOTIONS_TO_SENTIMENT.groups.items()} == groups
    assert set(GOEMOTIONS_TO_SENTIMENT.drops) == ambiguous


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda m: f"{m.source.name}-{m.target.name}")
def test_every_source_label_is_placed_once_or_dropped_by_name(mapping):
    placed = [member for members in mapping.groups.values() for member in members]
    assert sorted([*placed, *mapping.drops]) == sorted(mapping.source.labels)
    assert mapping.citation


@pytest.mark.parametrize("mapping", SHARES, ids=lambda m: m.source.name)
@given(data=st.data())
def test_shares_still_sum_to_one_and_the_rest_is_what_was_dropped(mapping, data):
    width = len(mapping.source)
    scores = data.draw(
        arrays.arrays(np.float64, (3, width), elements=st.floats(0.001, 1)),
    )
    scores /= scores.sum(axis=1, keepdims=True)
    mapped = mapping.apply(timeline(mapping, scores))
    assert mapped.timeline.scores.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    dropped = sum(scores[:, mapping.source.index(label)] for label in mapping.drops)
    assert mapped.dropped == pytest.approx(np.broadcast_to(dropped, 3), abs=1e-5)


def test_calm_counts_as_neutral_by_hand():
    scores = [0.1, 0.3, 0.0, 0.0, 0.2, 0.1, 0.0, 0.3]
    mapped = RAVDESS_TO_PRIMARY.apply(timeline(RAVDESS_TO_PRIMARY, scores))
    assert mapped.timeline.column("neutral")[0] == pytest.approx(0.6)
    assert mapped.timeline.column("contempt")[0] == 0
    assert mapped.dropped[0] == pytest.approx(0, abs=1e-6)
    assert mapped.timeline.extra["subject"].tolist() == [0]
    assert mapped.timeline.model == "m"


def test_boredom_is_dropped_and_the_rest_rescaled_by_hand():
    scores = [0.3, 0.4, 0, 0, 0, 0, 0.3]
    mapped = EMODB_TO_PRIMARY.apply(timeline(EMODB_TO_PRIMARY, scores))
    assert mapped.dropped[0] == pytest.approx(0.4)
    assert mapped.timeline.column("anger")[0] == pytest.approx(0.5)


def test_a_row_that_loses_everything_is_uniform():
    mapped = EMODB_TO_PRIMARY.apply(timeline(EMODB_TO_PRIMARY, [0, 1, 0, 0, 0, 0, 0]))
    assert mapped.dropped.tolist() == [1]
    assert mapped.timeline.scores[0] == pytest.approx(np.full(8, 1 / 8))


@given(arrays.arrays(np.float32, (2, 28), elements=st.floats(0, 1, width=32)))
def test_a_group_is_as_likely_as_any_of_its_members(scores):
    mapped = GOEMOTIONS_TO_EKMAN.apply(timeline(GOEMOTIONS_TO_EKMAN, scores))
    for label, members in GOEMOTIONS_TO_EKMAN.groups.items():
        columns = [GOEMOTIONS_TO_EKMAN.source.index(member) for member in members]
        block = scores[:, columns].astype(np.float64)
        # By inclusion and exclusion, one member after the other: p or q = p + q - pq.
        wanted = np.zeros(2)
        for column in block.T:
            wanted = wanted + column - wanted * column
        assert mapped.timeline.column(label) == pytest.approx(wanted, abs=1e-6)
    assert mapped.dropped.tolist() == [0, 0]


def test_a_group_of_truths_is_true_when_any_member_is():
    truth = np.eye(28, dtype=np.float32)
    mapped = GOEMOTIONS_TO_EKMAN.apply(timeline(GOEMOTIONS_TO_EKMAN, truth)).timeline
    assert mapped.scores.sum(axis=1).tolist() == [1] * 28


def test_the_highest_dropped_score_is_told():
    scores = np.zeros(28)
    scores[scheme("goemotions28").index("surprise")] = 0.7
    mapped = GOEMOTIONS_TO_SENTIMENT.apply(timeline(GOEMOTIONS_TO_SENTIMENT, scores))
    assert mapped.dropped[0] == pytest.approx(0.7)


def test_no_rows_are_mapped_to_no_rows():
    for mapping in MAPPINGS:
        mapped = mapping.apply(Timeline.empty(mapping.source))
        assert len(mapped.timeline) == 0
        assert mapped.dropped.shape == (0,)


def test_what_cannot_be_a_mapping_is_refused():
    source, target = scheme("emodb7"), scheme("primary8")
    with pytest.raises(UnknownNameError, match="joy"):
        SchemeMapping(source, target, {"joy": ("happiness",)}, "")
    with pytest.raises(UnknownNameError, match="calm"):
        SchemeMapping(source, target, {"neutral": ("calm",)}, "")
    with pytest.raises(InvalidValueError, match="twice"):
        SchemeMapping(source, target, {"anger": ("anger",), "fear": ("anger",)}, "")
    with pytest.raises(InvalidValueError, match="dimensions"):
        SchemeMapping(scheme("valence-arousal"), target, {}, "")
    with pytest.raises(InvalidValueError, match="'emodb7'"):
        EMODB_TO_PRIMARY.apply(Timeline.empty(target))


def test_the_shortest_chain_of_mappings():
    """GoEmotions reach primary8 by Ekman's groups alone; coordinates reach it by nothing."""
    found = chain(scheme("goemotions28"), lambda reached: reached.name == "primary8")
    assert [step.target.name for step in found] == ["ekman7", "primary8"]
    assert chain(scheme("primary8"), lambda reached: reached.name == "primary8") == ()
    assert chain(scheme("valence-arousal"), lambda reached: reached.name == "primary8") is None
