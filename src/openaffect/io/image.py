"""Pictures as upright (H, W, 3) uint8 RGB."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openaffect.types import InvalidValueError, MediaError, MediaFacts, OpenAffectError, OutputError

from .output import atomic
from .sources import existing_file

if TYPE_CHECKING:
    from PIL.Image import Image

MAXIMUM_PIXELS = 100_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "ICO", "PPM")
_ORIENTATION = 0x0112  # EXIF tag
_WRITABLE = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}


def read_image(path: str | Path) -> NDArray[np.uint8]:
    """Return a picture as (H, W, 3) uint8 RGB, upright by its EXIF orientation.

    Grey, palette and CMYK become RGB; sixteen bits become eight by their high byte; transparent
    pixels lie on white; of an animation the first frame is taken.

    Raises
    ------
    SourceNotFoundError
        when the file does not exist.
    MediaError
        when it is empty, damaged, cut short, of another kind, or beyond 100 megapixels.
    """
    source = existing_file(path)
    with _opened(source) as picture:
        turned = _upright(picture)
        return np.ascontiguousarray(_rgb(turned, source))


def image_facts(path: str | Path) -> MediaFacts:
    """Return the size of a picture as shown, without decoding it; raises as :func:`read_image`."""
    source = existing_file(path)
    with _opened(source) as picture:
        width, height = picture.size
        if _orientation(picture) >= 5:
            width, height = height, width
        name = (picture.format or "").lower()
        return MediaFacts(modality="image", width=width, height=height, codec=name)


def write_image(path: str | Path, image: NDArray[np.uint8]) -> Path:
    """Write (H, W, 3) uint8 RGB in the format of the suffix, whole or not at all.

    Raises :class:`InvalidValueError` for another shape, type or suffix, :class:`OutputError` when
    the place cannot be written.
    """
    from PIL import Image

    target = Path(path)
    array = np.asarray(image)
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8 or 0 in array.shape:
        raise InvalidValueError(
            f"image is {array.dtype} of shape {array.shape}; expected uint8 (H, W, 3)"
        )
    name = _WRITABLE.get(target.suffix.lower())
    if name is None:
        raise InvalidValueError(
            f"{target.name}: no picture format for {target.suffix!r}; use one of "
            f"{', '.join(_WRITABLE)}"
        )
    try:
        with atomic(target) as file:
            Image.fromarray(np.ascontiguousarray(array)).save(file, format=name, quality=92)
    except ValueError as error:
        raise OutputError(f"{target} cannot be written as {name}: {error}") from error
    return target


@contextmanager
def _opened(source: Path) -> Iterator[Image]:
    """Open with Pillow, formats without side effects only; any failure is a MediaError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = _readable()
            with Image.open(source, formats=known) as picture:
                width, height = picture.size
                if width * height > MAXIMUM_PIXELS:
                    raise MediaError(_too_large(source, f"{width} x {height}"))
                yield picture
    except OpenAffectError:
        raise
    except Image.DecompressionBombError as error:
        raise MediaError(_too_large(source, "its size")) from error
    except UnidentifiedImageError as error:
        raise MediaError(
            f"{source} is no picture of a known kind, or its first bytes are damaged; known are "
            f"{', '.join(_FORMATS)}"
        ) from error
    except Exception as error:  # decoders raise whatever they like on damaged data
        raise MediaError(f"{source} cannot be decoded as a picture: {error}") from error


def _readable() -> list[str]:
    """Load the readers of ``_FORMATS`` alone; Pillow's own start loads dozens."""
    import importlib
    from contextlib import suppress

    from PIL import Image

    for name in _FORMATS:
        module = {"JPEG2000": "Jpeg2K", "WEBP": "WebP"}.get(name, name.capitalize())
        with suppress(ImportError):
            importlib.import_module(f"PIL.{module}ImagePlugin")
    return [name for name in _FORMATS if name in Image.OPEN]


def _too_large(source: Path, size: str) -> str:
    limit = MAXIMUM_PIXELS // 1_000_000
    return f"{source}: {size} is beyond the {limit} megapixels that are decoded; scale it down"


def _orientation(picture: Image) -> int:
    """Return the EXIF orientation 1..8; 1 when there is none or the EXIF block is damaged."""
    try:
        value = int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        # A broken note beside the picture does not spoil the picture.
        return 1
    return value if 1 <= value <= 8 else 1


def _upright(picture: Image) -> Image:
    from PIL.Image import Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(_orientation(picture))
    picture.load()
    return picture if turn is None else picture.transpose(turn)


def _rgb(picture: Image, source: Path) -> NDArray[np.uint8]:
    if picture.mode.startswith("I") or picture.mode == "F":
        return np.repeat(_eight_bits(np.asarray(picture), source)[..., np.newaxis], 3, axis=2)
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        return _over_white(picture)
    return np.asarray(picture.convert("RGB"))


def _over_white(picture: Image) -> NDArray[np.uint8]:
    from PIL import Image

    layer = picture.convert("RGBA")
    below = Image.new("RGBA", layer.size, (255, 255, 255, 255))
    below.alpha_composite(layer)
    return np.asarray(below.convert("RGB"))


def _eight_bits(values: NDArray[np.generic], source: Path) -> NDArray[np.uint8]:
    """Bring (H, W) grey of 16 or 32 bits, or real numbers in [0, 1] or [0, 255], to 8 bits."""
    grey = np.asarray(values, dtype=np.float32)
    if not np.isfinite(grey).all():
        raise MediaError(f"{source}: the picture holds a NaN or infinity; export it again")
    low, high = float(grey.min()), float(grey.max())
    if low < 0 or high > 65535:
        raise MediaError(
            f"{source}: values range from {low:g} to {high:g}; give 8 or 16 bits a channel"
        )
    if values.dtype.kind == "f":
        scale = 255.0 if high <= 1 else 1.0 if high <= 255 else 1 / 257
        grey = grey * scale
    else:
        grey = np.floor(grey / 256)
    return np.asarray(np.rint(grey), dtype=np.uint8)
