import pytest

from openaffect.preprocess.text_reliability import reliability


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("   ", 0), ("Why", 1 / 3), ("Thank you", 2 / 3), ("😂", 1 / 3), ("I am sad", 1)],
)
def test_words_and_signs_are_counted_up_to_three(text, expected):
    assert reliability(text) == pytest.approx(expected)
