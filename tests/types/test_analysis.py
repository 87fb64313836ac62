import json

import pytest

from openaffect.types import Analysis, Card, InvalidValueError, Timeline, UnknownNameError, scheme


def analysis():
    line = Timeline(scheme("valence-arousal"), [[0.5, float("nan")]], [[0, 1]], model="m")
    return Analysis(
        "a.wav",
        facts={"duration": 1.0},
        timelines={"speech.affect": line, "face.affect": Timeline.empty(line.scheme)},
        cards=(Card("m", "speech.affect", "speech", licence="MIT"),),
        warnings=("no face",),
    )


def test_an_analysis_survives_json():
    made = analysis()
    again = Analysis.from_dict(json.loads(json.dumps(made.to_dict(), allow_nan=False)))
    assert again.equals(made)


def test_rows_name_their_timeline():
    (row,) = analysis().rows()
    assert row["timeline"] == "speech.affect"
    assert row["file"] == "a.wav"


def test_an_unknown_timeline_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"did you mean 'face.affect'\?"):
        analysis()["face.afect"]


def test_mappings_are_read_only():
    with pytest.raises(TypeError):
        analysis().facts["x"] = 1


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"timelines": []},
        {"timelines": {"a": None}},
        {"warnings": None},
        {"cards": [3]},
    ],
)
def test_json_that_is_no_analysis_is_refused(change):
    with pytest.raises(InvalidValueError):
        Analysis.from_dict(analysis().to_dict() | change)
    for other in ([], None, {}):
        with pytest.raises(InvalidValueError):
            Analysis.from_dict(other)
