import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from openaffect.pipeline.json_form import json_pieces
from openaffect.types import Analysis, Timeline, scheme

from .conftest import card

AFFECT = scheme("valence-arousal")


def text(analysis):
    return "".join(json_pieces(analysis))


@given(
    hnp.arrays(np.float32, (3, 2), elements=st.floats(-1, 1, width=32) | st.just(np.nan)),
    st.lists(st.text(), min_size=3, max_size=3),
    st.text(),
)
def test_it_says_what_the_dictionary_says(scores, words, source):
    line = Timeline(
        AFFECT,
        scores,
        [(0, 1), (1, 2), (2, 3)],
        extra={"text": words, "box": np.eye(3, 4, dtype=np.float32), "abstain": [True] * 3},
        coverage=[(0, 3)],
        model="m",
    )
    analysis = Analysis(
        source,
        {"modality": "text", "duration": 0.1},
        {"a": line, "b": Timeline.empty(AFFECT)},
        (card("m", "text.affect", "valence-arousal", window=3.0),),
        ("é",),
    )
    read = json.loads(text(analysis))
    assert read == json.loads(json.dumps(analysis.to_dict()))
    assert Analysis.from_dict(read).equals(analysis)


def test_it_comes_in_pieces():
    rows = 2000
    line = Timeline(AFFECT, np.zeros((rows, 2)), [(0, 1)] * rows)
    analysis = Analysis("x", {}, {"a": line})
    assert max(map(len, json_pieces(analysis))) < len(text(analysis)) / 3
    assert json.loads(text(analysis)) == analysis.to_dict()


def test_an_analysis_of_nothing():
    assert json.loads(text(Analysis("x"))) == Analysis("x").to_dict()
