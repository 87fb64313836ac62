import numpy as np
import pytest

from openaffect.pipeline.summary import summarize
from openaffect.types import Analysis, Timeline, scheme


def test_a_line_a_timeline():
    sure = np.eye(8)[[3, 3, 0]] * 0.6 + 0.05
    emotion = Timeline(
        scheme("primary8"),
        sure,
        [(0, 1), (1, 2), (2, 3)],
        extra={"abstain": [False, False, True], "subject": [0, 1, -1]},
        model="m",
    )
    affect = Timeline(scheme("valence-arousal"), [[0.5, np.nan], [0.1, np.nan]], [(0, 1)] * 2)
    empty = Timeline.empty(scheme("primary8"))
    lines = summarize(Analysis("x", {}, {"a": emotion, "b": affect, "c": empty}))
    assert lines[0] == {
        "timeline": "a",
        "rows": 3,
        "subjects": 2,
        "label": "happiness",
        "mean": 0.65,
        "model": "m",
    }
    assert lines[1]["mean"] == {"valence": pytest.approx(0.3)}
    assert lines[1]["label"] == ""
    assert (lines[2]["rows"], lines[2]["label"]) == (0, "")
