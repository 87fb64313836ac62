"""Texts come as they stand, or an error says where they break."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.io.text import read_text
from openaffect.types import MediaError, OpenAffectError, SourceNotFoundError

WRITTEN = "Größe 😀 — naïve\r\nsecond line\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_byte_order_marks(tmp_path, encoding):
    path = tmp_path / "a.txt"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path.write_bytes(mark + WRITTEN.encode(encoding))
    assert read_text(path) == WRITTEN


def test_invalid_bytes_name_their_offset(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc \xe4\xf6 def")
    with pytest.raises(MediaError, match=r"UTF-8 at byte 4 \(0xe4\)"):
        read_text(path)
    assert read_text(path, errors="replace") == "abc \ufffd\ufffd def"


def test_offset_counts_the_byte_order_mark(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfab\xff")
    with pytest.raises(MediaError, match="at byte 5"):
        read_text(path)


def test_ten_megabytes(tmp_path):
    path = tmp_path / "long.txt"
    text = "I am happy today. " * (10_000_000 // 18 + 1)
    path.write_text(text)
    assert read_text(path) == text


def test_beyond_the_bound(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(MediaError, match="split it"):
        read_text(path)


def test_what_is_no_text(tmp_path):
    path = tmp_path / "a.txt"
    path.touch()
    with pytest.raises(MediaError, match="empty"):
        read_text(path)
    path.write_bytes(b"ab\x00cd")
    with pytest.raises(MediaError, match="NUL at character 2"):
        read_text(path)
    path.write_bytes(b"%PDF-1.7 and so on")
    with pytest.raises(MediaError, match="PDF"):
        read_text(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(MediaError, match="sound or pictures"):
        read_text(path)
    with pytest.raises(SourceNotFoundError):
        read_text(tmp_path / "none.txt")
    with pytest.raises(SourceNotFoundError, match="exist"):
        read_text("nul\x00byte.txt")


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_bytes(text.encode())
    try:
        assert read_text(path) == text.removeprefix("\ufeff")
    except MediaError:
        assert text.startswith(
            ("%PDF", "PK", "MZ", "Rar!", "#EXTM3U", "{\\rtf", "PAR1", "ffconcat")
        )


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_named_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "a.txt"
    path.write_bytes(data)
    try:
        assert isinstance(read_text(path), str)
    except OpenAffectError as error:
        assert "a.txt" in str(error)
