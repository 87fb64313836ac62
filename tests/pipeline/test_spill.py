import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from openaffect.pipeline.spill import Spill
from openaffect.types import OutputError, Timeline, scheme

AFFECT = scheme("valence-arousal")


def rows(start, count=2, **extra):
    span = [(start + i, start + i + 1) for i in range(count)]
    return Timeline(
        AFFECT,
        np.full((count, 2), 0.25),
        span,
        extra=extra,
        coverage=[(start, start + count)],
        model="m",
    )


def test_parts_come_back_in_order_with_their_state(tmp_path):
    spill = Spill(tmp_path / "work", "key")
    spill.append("face", {"a": rows(0)}, {"next": 2.0})
    spill.append("face", {"a": rows(2)}, {"next": 4.0})
    parts = list(Spill(tmp_path / "work", "key").parts("face"))
    assert [part.state for part in parts] == [{"next": 2.0}, {"next": 4.0}]
    assert parts[1].timelines["a"].equals(rows(2))


def test_collect_joins_rows_and_coverage(tmp_path):
    spill = Spill(tmp_path, "key")
    spill.append("face", {"a": rows(0)}, {})
    spill.append("face", {"a": Timeline.empty(AFFECT, coverage=[(2, 4)], model="m")}, {})
    spill.append("face", {"a": rows(4)}, {})
    whole = spill.collect("face")["a"]
    assert len(whole) == 4
    assert whole.coverage.tolist() == [[0, 6]]


@given(
    hnp.arrays(np.float32, (3, 2), elements=st.floats(-1, 1, width=32) | st.just(np.nan)),
    st.lists(st.text(), min_size=3, max_size=3),
)
def test_a_part_is_kept_exactly(tmp_path_factory, scores, texts):
    folder = tmp_path_factory.mktemp("spill")
    line = Timeline(
        AFFECT,
        scores,
        [(0, 0.1), (0.1, 0.3), (1 / 3, 2 / 3)],
        extra={"text": texts, "box": np.eye(3, 4) / 7, "abstain": [True, False, True]},
    )
    Spill(folder, "key").append("x", {"line": line}, {})
    assert Spill(folder, "key").collect("x")["line"].equals(line)


def test_other_work_is_swept_away(tmp_path):
    Spill(tmp_path, "before").append("face", {"a": rows(0)}, {})
    spill = Spill(tmp_path, "after")
    assert list(spill.parts("face")) == []


def test_a_torn_part_and_what_follows_do_not_count(tmp_path):
    spill = Spill(tmp_path, "key")
    for start in (0, 2, 4):
        spill.append("face", {"a": rows(start)}, {"next": start + 2})
    spill.finish("face")
    torn = tmp_path / "face.000001.npz"
    torn.write_bytes(torn.read_bytes()[:100])
    again = Spill(tmp_path, "key")
    assert [part.state["next"] for part in again.parts("face")] == [2]
    assert not again.finished("face")
    again.append("face", {"a": rows(2)}, {"next": 4})
    assert [part.state["next"] for part in again.parts("face")] == [2, 4]


def test_streams_are_apart(tmp_path):
    spill = Spill(tmp_path, "key")
    spill.append("face", {"a": rows(0)}, {})
    spill.finish("face")
    assert spill.finished("face")
    assert not spill.finished("speech")
    assert spill.collect("speech") == {}


def test_clear_leaves_nothing(tmp_path):
    spill = Spill(tmp_path / "work", "key")
    spill.append("face", {"a": rows(0)}, {})
    spill.clear()
    assert not (tmp_path / "work").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="file"):
        Spill(tmp_path / "file" / "work", "key")
