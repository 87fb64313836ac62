"""Each bad input: a clear error for that item, and the others go on."""

import struct
import sys
import wave

import numpy as np
import pytest

from pipeline.conftest import picture, speech

pytestmark = pytest.mark.usefixtures("stub_kit")


def write_wav(path, samples, rate=16_000, channels=1):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.asarray(samples) * 32767).astype("<i2").tobytes())
    return path


def write_float_wav(path, samples, rate=16_000):
    """Write 32-bit float sound, which can hold what no microphone gives."""
    data = np.asarray(samples, "<f4").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate, 4 * rate, 4, 32)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    path.write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)
    return path


def truncated_video(media, path):
    whole = (media / "talk.mp4").read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    return path


BAD = {
    "empty.png": lambda path, media: path.write_bytes(b""),
    "empty.wav": lambda path, media: path.write_bytes(b""),
    "empty.txt": lambda path, media: path.write_bytes(b""),
    "noise.mp4": lambda path, media: path.write_bytes(bytes(range(256)) * 40),
    "truncated.mp4": lambda path, media: truncated_video(media, path),
    "head.png": lambda path, media: path.write_bytes((media / "still.png").read_bytes()[:60]),
    "latin1.txt": lambda path, media: path.write_bytes("Schön, daß du da bist.".encode("latin-1")),
    "nan.wav": lambda path, media: write_float_wav(path, np.full(16_000, np.nan)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_the_others_go_on(run, media, tmp_path, name):
    path = tmp_path / name
    BAD[name](path, media)
    code, lines, error = run("analyze", path, media / "still.png")
    assert code == 1
    assert name in error
    assert "Traceback" not in error
    assert any("still.png" in line for line in lines[1:])


def faces(lines):
    return sum("\tface.emotion\t" in line for line in lines)


def still(path, mode="RGB", exif=None, **options):
    from PIL import Image

    image = Image.fromarray(picture([(20, 30)]))
    image = image.convert(mode)
    keep = {} if exif is None else {"exif": exif}
    image.save(path, **keep, **options)
    return path


@pytest.mark.parametrize(
    ("name", "mode"),
    [("grey.png", "L"), ("alpha.png", "RGBA"), ("cmyk.jpg", "CMYK"), ("palette.gif", "P")],
)
def test_pictures_of_every_kind(run, tmp_path, name, mode):
    code, lines, error = run("analyze", still(tmp_path / name, mode))
    assert (code, error) == (0, "")
    assert faces(lines) == 1


def test_a_sixteen_bit_picture(run, tmp_path):
    import cv2

    grey = picture([(20, 30)])[:, :, 0].astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "deep.png"), grey)
    code, lines, _ = run("analyze", tmp_path / "deep.png")
    assert code == 0
    assert faces(lines) == 1


def test_a_turned_picture_is_put_upright(run, tmp_path):
    import json

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    path = still(tmp_path / "turned.jpg", exif=exif)
    run("analyze", path, "--out", tmp_path / "out", "--format", "json")
    facts = json.loads((tmp_path / "out/turned.jpg.json").read_text("utf-8"))["facts"]
    assert (facts["width"], facts["height"]) == (96, 160)


def test_an_animation_shows_its_first_frame(run, tmp_path):
    from PIL import Image

    first, second = (Image.fromarray(picture([(20, 30)] * seen)) for seen in (1, 0))
    first.save(tmp_path / "two.gif", save_all=True, append_images=[second])
    code, lines, _ = run("analyze", tmp_path / "two.gif")
    assert code == 0
    assert faces(lines) == 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (160, 96)])
def test_nobody_there_is_no_row_and_no_error(run, tmp_path, width, height):
    from PIL import Image

    Image.new("RGB", (width, height)).save(tmp_path / "black.png")
    code, lines, error = run("analyze", tmp_path / "black.png")
    assert (code, error) == (0, "")
    assert faces(lines) == 0


def test_a_picture_of_twenty_thousand_by_twenty_thousand(run, tmp_path, media):
    """Either read at a smaller scale or refused by name; never 1.2 GB of memory."""
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(tmp_path / "vast.png")
    code, _, error = run("analyze", tmp_path / "vast.png", media / "still.png")
    assert code in (0, 1)
    assert code == 0 or "vast.png" in error


def test_silence_has_no_speech(run, tmp_path):
    code, lines, error = run("analyze", write_wav(tmp_path / "silence.wav", np.zeros(32_000)))
    assert (code, error) == (0, "")
    assert not any("\tspeech.emotion\t" in line for line in lines)


def test_a_recording_without_a_sample(run, tmp_path):
    code, _, error = run("analyze", write_wav(tmp_path / "none.wav", np.zeros(0)))
    assert code in (0, 3)
    assert code == 0 or "none.wav" in error


def test_eight_channels_at_192_kilohertz(run, tmp_path):
    sound = np.repeat(speech(2, [(0.5, 1.5)]), 12)
    path = write_wav(tmp_path / "eight.wav", np.repeat(sound, 8), rate=192_000, channels=8)
    code, lines, _ = run("analyze", path)
    assert code == 0
    assert any("\tspeech.emotion\t" in line for line in lines)


def test_a_wrong_extension_is_seen_through(run, tmp_path, media):
    path = tmp_path / "picture.wav"
    path.write_bytes((media / "still.png").read_bytes())
    code, lines, _ = run("analyze", path)
    assert code == 0
    assert faces(lines) == 2


@pytest.mark.parametrize("megabytes", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_a_long_text(run, tmp_path, megabytes):
    path = tmp_path / "long.txt"
    path.write_text("It rained all day and nobody came to see us. " * 25_000 * megabytes, "utf-8")
    assert path.stat().st_size > megabytes * 1_000_000
    code, _, error = run("analyze", path, "--out", tmp_path / "out", "--quiet")
    assert (code, error) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a symbolic link needs a right on Windows")
def test_links_that_go_round_in_circles(run, tmp_path):
    still(tmp_path / "one.png")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    code, lines, _ = run("analyze", tmp_path)
    assert code == 0
    assert faces(lines) == 1
