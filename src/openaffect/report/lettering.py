"""Words as small pictures, in any script the machine has a font for, each drawn once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FONTS = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "Arial Unicode.ttf",
    "arial.ttf", "Arial.ttf", "msyh.ttc", "malgun.ttf", "Hiragino Sans GB.ttc",
)  # fmt: skip
"""Files that Pillow looks for in the system's folders; its own Latin font comes last."""
_NOWHERE = "\U0010ffff"


@lru_cache(maxsize=2048)
def lettering(text: str, size: int) -> NDArray[np.uint8]:
    """Return the (H, W) uint8 coverage of words in letters of ``size`` pixels.

    H depends on the size and font alone, so that words of one size stand on one line.
    """
    from PIL import Image, ImageDraw

    font = _font_for(text, size)
    ascent, descent = font.getmetrics()
    width = max(1, int(np.ceil(font.getlength(text))))
    image = Image.new("L", (width + 2, ascent + descent))
    ImageDraw.Draw(image).text((1, 0), text, fill=255, font=font)
    coverage = np.asarray(image, np.uint8)
    coverage.setflags(write=False)
    return coverage


def put(
    image: NDArray[np.uint8],
    words: NDArray[np.uint8],
    left: int,
    top: int,
    colour: tuple[int, int, int],
) -> None:
    """Draw lettering into an (H, W, 3) picture in place; what lies outside it is cut off."""
    height, width = image.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + words.shape[1], width), min(top + words.shape[0], height)
    if x0 >= x1 or y0 >= y1:
        return
    part = words[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.uint16)
    under = image[y0:y1, x0:x1]
    ink = np.array(colour, np.uint16)
    under[:] = ((under * (255 - part) + ink * part + 127) // 255).astype(np.uint8)


def _font_for(text: str, size: int) -> Any:
    """Return the font that has the most of these letters, the first of equals."""
    fonts = _fonts(size)
    signs = frozenset(text)
    return max(fonts, key=lambda font: sum(_has(font, sign) for sign in signs))


@lru_cache(maxsize=8)
def _fonts(size: int) -> tuple[Any, ...]:
    from PIL import ImageFont

    found = []
    for name in _FONTS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return (*found, ImageFont.load_default(size))


@lru_cache(maxsize=4096)
def _has(font: Any, sign: str) -> bool:
    return bool(sign.isspace() or bytes(font.getmask(sign)) != _box(font))


@lru_cache(maxsize=64)
def _box(font: Any) -> bytes:
    """Return what the font draws for a letter that it does not have."""
    return bytes(font.getmask(_NOWHERE))
