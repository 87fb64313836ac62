import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.io.subtitles import Cue, read_subtitles
from openaffect.types import MediaError

SRT = """1
00:00:01,000 --> 00:00:02,500
Hello,
<i>world</i>.

2
01:00:00,5 --> 01:00:02,000 X1:1 X2:2
{\\an8}Tom &amp; Jerry
"""
VTT = """WEBVTT - a title

NOTE 00:00 is no time

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start
<v Ann>Good <c.loud>day</c>

00:02.000 --> 00:03.000

"""


def written(tmp_path, text, name="a.srt"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def test_subrip_by_hand(tmp_path):
    assert read_subtitles(written(tmp_path, SRT)) == [
        Cue(1.0, 2.5, "Hello, world."),
        Cue(3600.5, 3602.0, "Tom & Jerry"),
    ]


def test_webvtt_by_hand(tmp_path):
    assert read_subtitles(written(tmp_path, VTT, "a.vtt")) == [Cue(1.0, 2.0, "Good day")]


def test_line_ends_of_windows_and_a_byte_order_mark(tmp_path):
    path = written(tmp_path, "\ufeff" + SRT.replace("\n", "\r\n"))
    assert len(read_subtitles(path)) == 2


def test_cues_without_a_blank_line_between(tmp_path):
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
    assert [cue.text for cue in read_subtitles(written(tmp_path, text))] == ["One", "Two"]


def test_cues_come_in_order_of_time(tmp_path):
    text = "00:03.000 --> 00:04.000\nlater\n\n00:01.000 --> 00:00.500\nsooner\n"
    assert read_subtitles(written(tmp_path, text)) == [
        Cue(1.0, 1.0, "sooner"),
        Cue(3.0, 4.0, "later"),
    ]


def test_a_file_without_times_is_no_subtitle_file(tmp_path):
    with pytest.raises(MediaError, match=r"no subtitles.*-->"):
        read_subtitles(written(tmp_path, "Dear diary,\n\ntoday --> tomorrow\n"))


def test_a_subtitle_file_without_words_is_empty(tmp_path):
    assert read_subtitles(written(tmp_path, "00:01.000 --> 00:02.000\n\n")) == []


@given(st.text(alphabet="0123456789:,.-> \n<{&;v\\a", max_size=300))
def test_whatever_stands_in_it_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("s") / "a.srt"
    path.write_text("00:01.000 --> 00:02.000\nwords\n\n" + text, encoding="utf-8")
    cues = read_subtitles(path)
    assert all(0 <= cue.start <= cue.end and cue.text for cue in cues)
