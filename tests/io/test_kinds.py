"""What a file is, by its content; what an input stands for."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_media import grey_frames, tone, write_audio, write_video
from PIL import Image

from openaffect.io.audio import write_wav
from openaffect.io.kinds import find, kind_of
from openaffect.io.media import probe
from openaffect.io.signature import looks_like_text
from openaffect.io.video import read_frames
from openaffect.types import InvalidValueError, MediaError, SourceNotFoundError

SAMPLES = tone(440, 0.3, 16_000)


def make_image(path):
    Image.new("RGB", (4, 4)).save(path)


def make_wav(path):
    write_wav(path, SAMPLES, 16_000)


def make_m4a(path):
    write_audio(path, SAMPLES[None], 16_000, codec="aac", sample_format="fltp")


def make_video(path):
    write_video(path, grey_frames([90]), [0])


CASES = [
    (make_image, "png", "image"),
    (make_image, "jpg", "image"),
    (make_image, "webp", "image"),
    (make_image, "gif", "image"),
    (make_image, "bmp", "image"),
    (make_image, "tiff", "image"),
    (make_wav, "wav", "audio"),
    (make_m4a, "m4a", "audio"),
    (make_m4a, "aac", "audio"),
    (make_m4a, "mkv", "audio"),
    (make_video, "mp4", "video"),
    (make_video, "mkv", "video"),
    (make_video, "avi", "video"),
    (make_video, "ts", "video"),
]


@pytest.mark.parametrize(("make", "suffix", "kind"), CASES)
@pytest.mark.parametrize("shown", ["as it is", "txt", ""])
def test_content_decides_not_the_name(tmp_path, make, suffix, kind, shown):
    path = tmp_path / f"a.{suffix}"
    make(path)
    if shown != "as it is":
        path = path.rename(tmp_path / f"b.{shown}".rstrip("."))
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"I am happy.", "text"),
        ("a", "Größe".encode(), "text"),
        ("a.jpg", b"wrong suffix", "text"),
        ("a.txt", "Größe".encode("utf-16"), "text"),
        ("a.txt", b"latin \xe4", "text"),
        ("a.csv", b"a,b\n1,2\n", "table"),
        ("a.jsonl", b"{}\n", "table"),
    ],
)
def test_texts_and_tables(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    assert kind_of(tmp_path / name) == kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04....", "zip"),
        (gzip.compress(b"x"), "gzip"),
        (b"#EXTM3U\nhttp://example.org/a.ts\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (bytes(range(14, 27)) * 50, "no known kind"),
        (bytes(5000), "no known kind"),
    ],
)
def test_what_is_refused(tmp_path, data, message):
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(MediaError, match=message):
        kind_of(path)


def test_playlist_opens_nothing(tmp_path):
    secret = tmp_path / "secret.ts"
    make_video(secret)
    path = tmp_path / "list.mp4"
    path.write_text(f"\n#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(MediaError):
        next(read_frames(path))


def test_facts_of_sound_and_video(tmp_path):
    make_wav(tmp_path / "a.wav")
    facts = probe(tmp_path / "a.wav")
    assert (facts.modality, facts.sample_rate, facts.channels) == ("audio", 16_000, 1)
    assert facts.duration == pytest.approx(0.3) and not facts.has_video
    times = [i / 25 for i in range(50)]
    sound = (tone(440, 2.0, 16_000), 16_000, 0.0)
    path = write_video(tmp_path / "a.mp4", grey_frames([90]) * 50, times, sound=sound)
    facts = probe(path)
    assert (facts.modality, facts.width, facts.height) == ("video", 64, 48)
    assert facts.frame_rate == pytest.approx(25) and facts.duration == pytest.approx(2.0, abs=0.1)
    assert facts.has_audio and facts.has_video and facts.codec == "mpeg4"


def test_length_is_counted_where_none_is_stated(tmp_path):
    times = [i / 25 for i in range(50)]
    path = write_video(tmp_path / "a.mkv", grey_frames([90]) * 50, times)
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88")  # Matroska's Duration element, eight bytes of data
    path.write_bytes(data[:at] + b"\xec\x89" + bytes(9) + data[at + 11 :])  # a Void instead
    assert probe(path).duration == pytest.approx(2.0, abs=0.05)


def test_cover_art_is_no_video(tmp_path):
    import av

    make_image(tmp_path / "cover.png")
    path = tmp_path / "song.mka"
    write_audio(path, SAMPLES[None], 16_000, codec="flac")
    with av.open(str(path)) as plain, av.open(str(tmp_path / "cover.mka"), "w") as out:
        track = out.add_stream_from_template(plain.streams.audio[0])
        out.add_attachment("cover.png", "image/png", (tmp_path / "cover.png").read_bytes())
        for packet in plain.demux():
            if packet.dts is not None:
                packet.stream = track
                out.mux(packet)
    assert kind_of(tmp_path / "cover.mka") == "audio"


@pytest.fixture
def tree(tmp_path):
    for name in ("b.png", "a.png", "deep/c.jpg", ".hidden/d.png", "deep/.e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        make_image(tmp_path / name)
    (tmp_path / "notes.txt").write_text("happy")
    (tmp_path / "table.csv").write_text("a\n")
    (tmp_path / "program.py").write_text("x = 1\n")
    (tmp_path / "broken.mp4").touch()
    make_wav(tmp_path / "deep/sound.bin")
    return tmp_path


def names(paths, root):
    return [str(path.relative_to(root)) for path in paths]


def test_folder_is_walked_in_order(tree):
    assert names(find([tree]), tree) == [
        "a.png", "b.png", "broken.mp4", "notes.txt", "table.csv", "deep/c.jpg", "deep/sound.bin",
    ]  # fmt: skip


def test_each_file_once(tree):
    given_ = [tree / "b.png", tree / "*.png", str(tree / "**/*.jpg"), tree / "b.png"]
    assert names(find(given_), tree) == ["b.png", "a.png", "deep/c.jpg"]


def test_links_in_a_circle_end(tree):
    (tree / "deep" / "loop").symlink_to(tree)
    assert len(list(find([tree]))) == 7


def test_name_with_brackets_is_a_name(tmp_path):
    make_image(tmp_path / "a[1].png")
    assert names(find([tmp_path / "a[1].png"]), tmp_path) == ["a[1].png"]


def test_nothing_found_says_so(tmp_path):
    (tmp_path / "program.py").write_text("x")
    with pytest.raises(SourceNotFoundError, match="holds no picture"):
        list(find([tmp_path]))
    with pytest.raises(SourceNotFoundError, match="matches"):
        list(find([tmp_path / "*.png"]))
    with pytest.raises(SourceNotFoundError, match="does not exist"):
        list(find([tmp_path / "none"]))


@pytest.mark.parametrize("address", ["https://example.org/a.mp4", "file:///etc/passwd", "s3://b/k"])
def test_addresses_are_refused(address):
    with pytest.raises(InvalidValueError, match="download it"):
        list(find([address]))


@given(st.text(min_size=1).map(str.encode), st.integers(1, 4096))
def test_text_cut_anywhere_looks_like_text(data, end):
    plain = bytes(byte for byte in data if byte >= 32 or byte == 10) or b"x"
    assert looks_like_text(plain[:end])


def test_numbers_are_no_text():
    assert not looks_like_text(np.arange(256, dtype=np.uint8).tobytes())
