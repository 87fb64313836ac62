"""A photograph made to talk: its jaw follows the loudness of a voice.

The photograph is the public-domain portrait of the astronaut Eileen Collins (NASA, 1993) as carried
by scikit-image; the numbers below were read off that very file, whose SHA-256 its card names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.types import Card, WeightFile

PHOTOGRAPH = Card(
    name="astronaut-photograph",
    task="demo.photograph",
    modality="face",
    licence="public domain (NASA)",
    commercial=True,
    provenance="Eileen Collins, photographed by NASA in 1993; carried by scikit-image",
    files=(
        WeightFile(
            role="photograph",
            source=(
                "package:scikit-image==0.26.0/scikit_image-0.26.0-cp311-cp311-"
                "manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl#skimage/data/astronaut.png"
            ),
            sha256="88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
            size=791555,
            wheel_sha256=("74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",),
        ),
    ),
)
FRAME_RATE = 25
_CROP = (97, 0, 353, 256)
"""Left, top, right, bottom of what is shown, in the photograph's pixels."""
_SCALE = 2
_MOUTH_X = (202.0, 206.0, 212.0, 218.0, 222.0, 226.0, 232.0, 238.0, 243.5)
_MOUTH_Y = (139.5, 144.0, 148.2, 149.7, 150.0, 149.8, 148.6, 145.2, 140.5)
"""Where the lower lip meets the teeth, from corner to corner."""
_CENTRE = 222.5
_CHIN = 172.0
_COLLAR = 204.0
_JAW_WIDTH = 25.0
_WIDEST = 7.5
"""How far the jaw drops at full loudness, in the photograph's pixels."""
_INSIDE = np.array([58, 20, 24], np.float32)


def mouth_opening(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return (frames,) in [0, 1]: how far the mouth is open in each frame of the picture.

    The root mean square of the sound around the frame over its 95th percentile, with a gentle power
    (a mouth opens early and then little more) and a short decay, so that it does not flutter.
    """
    hop = rate / FRAME_RATE
    count = int(np.ceil(len(samples) / hop))
    loudness = np.array(
        [
            np.sqrt(np.mean(np.square(samples[int(k * hop) : int((k + 1) * hop) + 1])))
            for k in range(count)
        ]
    )
    full = max(float(np.percentile(loudness, 95)), 1e-6)
    opening = np.clip(loudness / full, 0, 1) ** 0.7
    for frame in range(1, count):
        opening[frame] = max(opening[frame], 0.45 * opening[frame - 1])
    return opening.astype(np.float32)


def frames(
    photograph: NDArray[np.uint8], opening: NDArray[np.float32]
) -> Iterator[NDArray[np.uint8]]:
    """Yield a (512, 512, 3) RGB picture for each value of ``opening``.

    photograph: (512, 512, 3) RGB. The head sways a little, as no head is ever still.
    """
    import cv2

    left, top, right, bottom = _CROP
    size = ((right - left) * _SCALE, (bottom - top) * _SCALE)
    still: Any = cv2.resize(
        photograph[top:bottom, left:right], size, interpolation=cv2.INTER_LANCZOS4
    )
    across = left + (np.arange(size[0]) + 0.5) / _SCALE - 0.5
    down = top + (np.arange(size[1]) + 0.5) / _SCALE - 0.5
    x, y = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
    for number, value in enumerate(opening):
        yield _swayed(_with_mouth(still, x, y, float(value) * _WIDEST), number / FRAME_RATE)


def _with_mouth(
    still: NDArray[np.uint8], x: NDArray[np.float32], y: NDArray[np.float32], drop: float
) -> NDArray[np.uint8]:
    """Return the picture with the lower lip and the jaw lowered by ``drop``; x, y its pixels."""
    import cv2

    lip = np.interp(x[0], _MOUTH_X, _MOUTH_Y).astype(np.float32)[None]
    source = y
    for _ in range(4):
        source = np.maximum(y - drop * _share(x, source, lip), lip)
    below = y >= lip
    source = np.where(below, source, y)
    left, top, _, _ = _CROP
    moved = cv2.remap(
        still,
        ((x - left + 0.5) * _SCALE - 0.5).astype(np.float32),
        ((source - top + 0.5) * _SCALE - 0.5).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    gap = drop * _share(x, np.broadcast_to(lip, y.shape), lip)
    inside = (below & (y < lip + gap)).astype(np.float32)
    soft: Any = cv2.GaussianBlur(inside, (0, 0), 1.1)
    inside = soft[..., None]
    shade = np.clip((y - lip) / np.maximum(gap, 1e-3), 0, 1)[..., None]
    dark = _INSIDE * (0.55 + 0.6 * shade)
    return np.asarray(np.clip(moved * (1 - inside) + dark * inside, 0, 255), np.uint8)


def _share(
    x: NDArray[np.float32], y: NDArray[np.float32], lip: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how much of the drop each point takes: nothing at the corners of the mouth, all at
    the chin, and less and less down the neck."""
    half = (_MOUTH_X[-1] - _MOUTH_X[0]) / 2
    at_lip = np.sqrt(np.clip(1 - ((x - _CENTRE) / half) ** 2, 0, 1))
    at_chin = np.exp(-0.5 * ((x - _CENTRE) / _JAW_WIDTH) ** 2)
    way = np.clip((y - lip) / (_CHIN - lip), 0, 1)
    way = way * way * (3 - 2 * way)
    share = (1 - way) * at_lip + way * at_chin
    share = share * np.clip((_COLLAR - y) / (_COLLAR - _CHIN), 0, 1)
    return np.asarray(share, np.float32)


def _swayed(image: NDArray[np.uint8], time: float) -> NDArray[np.uint8]:
    """Return the picture turned and moved a little, slowly, about its lower edge."""
    import cv2

    height, width = image.shape[:2]
    angle = 1.1 * np.sin(2 * np.pi * 0.27 * time) + 0.5 * np.sin(2 * np.pi * 0.61 * time + 1)
    matrix = cv2.getRotationMatrix2D((width / 2, height), float(angle), 1.03)
    matrix[1, 2] += 2.5 * np.sin(2 * np.pi * 0.43 * time)
    turned: Any = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(turned, np.uint8)
