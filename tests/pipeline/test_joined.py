import numpy as np
import pytest

from openaffect.cli._findings import overview
from openaffect.pipeline.joined import joined, shares, told
from openaffect.pipeline.notes import Notes
from openaffect.pipeline.summary import summarize
from openaffect.types import Analysis, Timeline, scheme

LABELS = scheme("primary8").labels


def line(label, cells, **extra):
    scores = np.full((len(cells), 8), 0.01, np.float32)
    scores[:, LABELS.index(label)] = 0.93
    spans = [(cell / 2, cell / 2 + 0.5) for cell in cells]
    return Timeline(scheme("primary8"), scores, spans, extra=extra)


def found():
    two = [cell for cell in range(8) for _ in (0, 1)]
    return {
        "face.emotion": line("happiness", two, subject=np.tile([0, 1], 8)),
        "text.emotion": line("sadness", [0, 1]),
    }


def test_the_share_of_the_time_does_not_depend_on_how_many_are_in_sight():
    facts = {}
    fused = joined(found(), facts, Notes())["fused.emotion"]
    assert facts["streams"] == {"face": 1.0, "speech": 0.0, "text": 0.25}
    assert shares(fused) == facts["streams"]


def test_nothing_fused_has_no_shares():
    assert set(shares(Timeline.empty(scheme("primary8"))).values()) == {0.0}


def test_pictures_and_documents_are_not_joined():
    whole = Timeline(scheme("primary8"), np.eye(8)[:1], [(0, 0)], unit="whole")
    facts = {}
    assert joined({"face.emotion": whole}, facts, Notes()) == {}
    assert facts == {}


def test_one_stream_has_no_conflicts():
    only = {"text.emotion": line("anger", [0, 1, 2])}
    assert set(joined(only, {}, Notes())) == {"fused.emotion"}


def test_a_scheme_that_leads_nowhere_is_noted():
    notes = Notes()
    odd = Timeline(scheme("valence-arousal"), [[0.1, 0.2]], [(0, 1)])
    assert joined({"text.emotion": odd}, {}, notes) == {}
    assert "fused.emotion is left out" in notes.warnings[0]


def test_the_screen_says_who_was_there_and_what_disagreed():
    streams = {
        "face.emotion": line("happiness", range(8), subject=np.zeros(8, int)),
        "text.emotion": line("sadness", [0, 1, 2, 5, 6]),
    }
    answer = joined(streams, {}, Notes())
    assert told(answer["fused.conflict"]) == {"smiling face, sad words": pytest.approx(2.5)}
    shown = {row[0]: row[3] for row in map(overview, summarize(Analysis("x", {}, answer)))}
    assert shown["fused.conflict"] == "smiling face, sad words 2.5 s"
    assert shown["fused.emotion"].endswith("from face 100%, speech 0%, text 62% of the time")


def test_no_conflict_is_none():
    calm = {name: line("fear", range(4)) for name in ("speech.emotion", "text.emotion")}
    lines = summarize(Analysis("x", {}, joined(calm, {}, Notes())))
    assert overview(lines[1])[3] == "none"
