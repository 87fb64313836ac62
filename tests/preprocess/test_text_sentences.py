import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.preprocess.text_sentences import sentences


def cut(text, **options):
    return [text[start:end] for start, end in sentences(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \n ", []),
        ("I am glad. You are not!", ["I am glad.", "You are not!"]),
        (
            "Dr. Smith met J. Doe at 5 p.m. on Monday.",
            ["Dr. Smith met J. Doe at 5 p.m. on Monday."],
        ),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("Wait... what?! No.", ["Wait...", "what?!", "No."]),
        ("one line\n\nanother", ["one line", "another"]),
        ("我很高兴。你呢？", ["我很高兴。", "你呢？"]),
        ("Version 3.14 is out. Good", ["Version 3.14 is out.", "Good"]),
        ("It was me and I. Then", ["It was me and I.", "Then"]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("See No. 5 and fig. 2. Then no. three.", ["See No. 5 and fig. 2.", "Then no. three."]),
        ("- first\n- second", ["- first", "- second"]),
    ],
)
def test_known_texts(text, expected):
    assert cut(text) == expected


def test_a_text_without_stops_is_cut_at_spaces():
    pieces = cut("word " * 100, maximum=23)
    assert all(len(piece) <= 23 for piece in pieces)
    assert " ".join(pieces) == ("word " * 100).strip()


@given(st.text(max_size=300), st.integers(1, 40))
def test_spans_are_ordered_bounded_and_keep_every_visible_character(text, maximum):
    spans = sentences(text, maximum=maximum)
    flat = [position for span in spans for position in span]
    assert flat == sorted(flat)
    assert all(0 < end - start <= maximum for start, end in spans)
    covered = {index for start, end in spans for index in range(start, end)}
    assert all(text[index].isspace() for index in range(len(text)) if index not in covered)
