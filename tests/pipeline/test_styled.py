"""The last touch: whole pieces where nothing is asked, and all that was changed told."""

from openaffect.generate._slips import Change, undone
from openaffect.generate._style import Style
from openaffect.pipeline.styled import styled
from openaffect.types import Chunk, Generated

TEXT = "I can't find the letter that everybody talked about yesterday evening in the garden."


def pieces():
    yield Chunk(TEXT[:20])
    yield Chunk(TEXT[20:], Generated(TEXT, {}, {}, {"target": 0.5}))


def test_nothing_asked_passes_the_pieces_on():
    assert [chunk.text for chunk in styled(pieces(), Style(tone="warm"), 0)] == [
        TEXT[:20],
        TEXT[20:],
    ]


def test_formality_changes_the_whole():
    (chunk,) = styled(pieces(), Style(formality="formal"), 0)
    assert chunk.text == chunk.result.text == TEXT.replace("can't", "cannot")


def test_slips_are_told_and_can_be_undone():
    (chunk,) = styled(pieces(), Style(slips=0.2, hesitations=0.1), 5)
    scores = chunk.result.scores
    assert scores["target"] == 0.5
    assert abs(scores["slips_made"] - 0.2) <= 1 / 14
    assert abs(scores["hesitations_made"] - 0.1) <= 1 / 14
    changes = [Change(**change) for change in scores["changes"]]
    assert undone(chunk.text, changes) == TEXT
