"""Pictures come as upright RGB of eight bits, whatever they were."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from PIL import Image

from openaffect.io.image import read_image, write_image
from openaffect.io.media import probe
from openaffect.types import InvalidValueError, MediaError, OutputError, SourceNotFoundError

COLOURS = np.array(
    [[[250, 10, 20], [10, 240, 30], [20, 30, 230]], [[0, 0, 0], [255, 255, 255], [128, 64, 32]]],
    np.uint8,
)


def saved(path, image: Image.Image, **options):
    image.save(path, **options)
    return path


def is_rgb(image: np.ndarray) -> bool:
    return image.dtype == np.uint8 and image.ndim == 3 and image.flags.c_contiguous


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "ppm", "webp", "jp2"])
def test_lossless_formats_are_exact(tmp_path, suffix):
    options = {"webp": {"lossless": True}, "jp2": {"irreversible": False}}.get(suffix, {})
    big = np.kron(COLOURS, np.ones((16, 16, 1), np.uint8))
    path = saved(tmp_path / f"a.{suffix}", Image.fromarray(big), **options)
    image = read_image(path)
    assert is_rgb(image) and np.array_equal(image, big)
    assert (probe(path).width, probe(path).height, probe(path).modality) == (48, 32, "image")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(tmp_path, orientation):
    # By the EXIF standard (2.32, tag 0x0112): where row 0 and column 0 of what is stored lie.
    stored = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation](COLOURS)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a.png", Image.fromarray(np.ascontiguousarray(stored)), exif=exif)
    assert np.array_equal(read_image(path), COLOURS)
    assert (probe(path).width, probe(path).height) == (3, 2)


def test_broken_exif_does_not_spoil_the_picture(tmp_path):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOURS), exif=b"Exif\x00\x00II*\x00garbage")
    assert np.array_equal(read_image(path), COLOURS)


def test_grey_is_repeated(tmp_path):
    grey = COLOURS[..., 0]
    image = read_image(saved(tmp_path / "g.png", Image.fromarray(grey)))
    assert np.array_equal(image, np.repeat(grey[..., None], 3, axis=2))


def test_black_and_white_and_palette(tmp_path):
    one = Image.fromarray(COLOURS).convert("1")
    assert set(np.unique(read_image(saved(tmp_path / "1.png", one)))) <= {0, 255}
    palette = Image.fromarray(COLOURS).quantize(6)
    expected = np.asarray(palette.convert("RGB"))
    assert np.array_equal(read_image(saved(tmp_path / "p.png", palette)), expected)


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bits_keep_their_high_byte(tmp_path, suffix):
    deep = np.array([[0, 255, 256], [32_768, 65_279, 65_535]], np.uint16)
    image = read_image(saved(tmp_path / f"d.{suffix}", Image.fromarray(deep)))
    assert np.array_equal(image[..., 0], (deep >> 8).astype(np.uint8))
    assert is_rgb(image)


def sixteen_bit_rgb() -> bytes:
    """A one-row RGB PNG of sixteen bits, by hand: Pillow writes none."""
    row = b"\x00" + b"".join(v.to_bytes(2, "big") for v in (65_535, 32_768, 0, 256, 512, 65_280))

    def piece(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + check

    size = (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes([16, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + piece(b"IHDR", size)
        + piece(b"IDAT", zlib.compress(row))
        + piece(b"IEND", b"")
    )


def test_sixteen_bit_colour(tmp_path):
    path = tmp_path / "rgb16.png"
    path.write_bytes(sixteen_bit_rgb())
    assert read_image(path).tolist() == [[[255, 128, 0], [1, 2, 255]]]


def test_real_numbers(tmp_path):
    path = saved(tmp_path / "f.tiff", Image.fromarray(np.array([[0, 0.5, 1]], np.float32)))
    assert read_image(path)[..., 0].tolist() == [[0, 128, 255]]
    bad = saved(tmp_path / "n.tiff", Image.fromarray(np.array([[0, np.nan]], np.float32)))
    with pytest.raises(MediaError, match="NaN"):
        read_image(bad)


def test_cmyk_becomes_rgb(tmp_path):
    big = np.kron(COLOURS[:1], np.ones((16, 16, 1), np.uint8))
    path = saved(tmp_path / "c.jpg", Image.fromarray(big).convert("CMYK"), quality=98)
    image = read_image(path)
    assert is_rgb(image)
    assert np.abs(image.astype(int) - big).mean() < 6


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_transparency_lies_on_white(tmp_path, suffix):
    layer = np.zeros((1, 3, 4), np.uint8)
    layer[0, :, 0] = 200
    layer[0, :, 3] = (0, 128, 255)
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    image = read_image(saved(tmp_path / f"a.{suffix}", Image.fromarray(layer), **options))
    # Over white: c * a + 255 * (1 - a).
    assert image[0, 0].tolist() == [255, 255, 255]
    assert image[0, 1] == pytest.approx([227, 127, 127], abs=1)
    assert image[0, 2].tolist() == [200, 0, 0]


def test_transparent_palette_and_grey(tmp_path):
    gif = Image.fromarray(COLOURS).quantize(8)
    index = gif.getpixel((0, 0))
    path = saved(tmp_path / "t.gif", gif, transparency=index)
    assert read_image(path)[0, 0].tolist() == [255, 255, 255]
    grey = saved(tmp_path / "la.png", Image.new("LA", (2, 2), (10, 0)))
    assert (read_image(grey) == 255).all()


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_first_frame_of_an_animation(tmp_path, suffix):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ((255, 0, 0), (0, 0, 255))]
    options = {"lossless": True} if suffix == "webp" else {}
    path = tmp_path / f"a.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, **options)
    assert read_image(path)[4, 4].tolist() == [255, 0, 0]


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1)])
def test_tiny_and_thin(tmp_path, size):
    image = read_image(saved(tmp_path / "a.png", Image.new("RGB", size)))
    assert image.shape == (size[1], size[0], 3) and not image.any()


def test_twenty_thousand_squared_is_refused_undecoded(tmp_path):
    path = saved(tmp_path / "huge.png", Image.new("1", (20_000, 20_000)))
    with pytest.raises(MediaError, match="100 megapixels"):
        read_image(path)
    with pytest.raises(MediaError, match="100 megapixels"):
        probe(path)


def test_just_beyond_the_bound_is_refused(tmp_path):
    path = saved(tmp_path / "big.png", Image.new("1", (10_001, 10_000)))
    with pytest.raises(MediaError, match="10001 x 10000"):
        read_image(path)


def test_wrong_suffix_is_no_matter(tmp_path):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOURS)).rename(tmp_path / "a.mp4")
    assert np.array_equal(read_image(path), COLOURS)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "tiff", "webp"])
def test_cut_short_is_an_error(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path / f"a.{suffix}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError, match=r"a\."):
        read_image(path)


def test_what_is_not_there_or_no_picture(tmp_path):
    with pytest.raises(SourceNotFoundError):
        read_image(tmp_path / "none.png")
    with pytest.raises(MediaError, match="folder"):
        read_image(tmp_path)
    (tmp_path / "empty.png").touch()
    with pytest.raises(MediaError, match="empty"):
        read_image(tmp_path / "empty.png")
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(MediaError, match="no picture"):
        read_image(tmp_path / "text.png")


def test_postscript_is_never_run(tmp_path):
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    with pytest.raises(MediaError, match="no picture"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("suffix", ["png", "bmp", "jpg", "webp"])
def test_written_picture_reads_back(tmp_path, suffix):
    big = np.kron(COLOURS, np.ones((32, 32, 1), np.uint8))
    path = write_image(tmp_path / "new" / f"a.{suffix}", big)
    error = np.abs(read_image(path).astype(int) - big).mean()
    assert error == 0 if suffix in ("png", "bmp") else error < 12


def test_what_cannot_be_written(tmp_path):
    with pytest.raises(InvalidValueError, match=r"\(H, W, 3\)"):
        write_image(tmp_path / "a.png", np.zeros((4, 4), np.uint8))
    with pytest.raises(InvalidValueError, match=r"\.xyz"):
        write_image(tmp_path / "a.xyz", COLOURS)
    with pytest.raises(OutputError, match="cannot be written"):
        write_image(tmp_path / "a.jpg", np.zeros((1, 70_000, 3), np.uint8))
    assert not list(tmp_path.iterdir())
