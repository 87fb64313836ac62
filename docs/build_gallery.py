"""Draw the pictures of the gallery that a result is shown by, into docs/images/gallery.

    openaffect demo --out out
    python docs/build_gallery.py out/talking-face.mp4.json

Only results of clips that may be published go in.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from openaffect.io.video import read_frames

GALLERY = Path(__file__).parent / "images" / "gallery"
KINDS = ("timeline", "affect", "radar", "saliency", "spectrogram", "words")
WIDTH = 1000
MOMENT = 3.2
"""Seconds at which the annotated video is shown."""


def main(result: str) -> None:
    """Write a picture of each kind, and one of the annotated video."""
    command = [sys.executable, "-m", "openaffect"]
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            drawn = Path(folder, f"{kind}.png")
            subprocess.run(
                [*command, "plot", result, "--kind", kind, "--out", str(drawn), "--quiet"],
                check=True,
            )
            keep(Image.open(drawn).convert("RGB"), kind)
        video = Path(folder, "annotated.mp4")
        subprocess.run([*command, "annotate", result, "--out", str(video), "--quiet"], check=True)
        frame = next(read_frames(video, start=MOMENT))
        keep(Image.fromarray(frame.image), "annotated")


def keep(picture: Image.Image, name: str) -> None:
    """Write it, at most ``WIDTH`` pixels wide."""
    picture.thumbnail((WIDTH, picture.height), Image.Resampling.LANCZOS)
    picture.save(GALLERY / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
