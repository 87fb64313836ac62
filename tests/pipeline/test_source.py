from pathlib import Path

import pytest

from openaffect.pipeline.source import path_of, title_of
from openaffect.types import MediaError, SourceNotFoundError


def test_a_file_is_a_file(tmp_path):
    path = tmp_path / "I am happy"
    path.touch()
    assert path_of(str(path)) == path
    assert path_of(path) == path


@pytest.mark.parametrize(
    "text", ["I am happy.", "What a lovely surprise!", "yes and/or no, who knows", "a\nb"]
)
def test_prose_is_a_sentence(text):
    assert path_of(text) is None


@pytest.mark.parametrize("text", ["clip.mp4", "my clip.mp4", "folder/clip.mov", "happy", "", " "])
def test_what_looks_like_a_file_must_be_there(text):
    with pytest.raises(SourceNotFoundError):
        path_of(text)


def test_a_path_that_is_not_there():
    with pytest.raises(SourceNotFoundError, match="I am happy"):
        path_of(Path("I am happy"))


def test_text_is_text_when_it_is_said_to_be():
    assert path_of("Happy", "text") is None
    assert path_of("see you at example.com", "text") is None


def test_nothing_is_downloaded_unasked():
    with pytest.raises(MediaError, match="download"):
        path_of("https://example.com/clip.mp4")


def test_a_very_long_text_is_no_file_name():
    assert path_of("word " * 5000) is None


def test_titles(tmp_path):
    assert title_of("clip.mp4") == "clip.mp4"
    assert title_of("I am\n happy") == "I am happy"
    assert title_of("word " * 50).endswith("…")
    assert len(title_of("word " * 50)) == 60
