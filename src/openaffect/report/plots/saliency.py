"""What on a face the answer rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.pipeline.attribution import face_saliency
from openaffect.pipeline.notes import Notes
from openaffect.types import Analysis, InvalidValueError, Timeline, WeightsUnavailableError

from .. import page
from ..colours import FAINT, INK
from ..still import bars
from ._plot import Plot, Wanted, timeline_of


def draw(wanted: Wanted) -> Any:
    """Return the figure: the face as the model gets it, what counts for and against, the scores.

    The face is found again in the analysed file and the recogniser asked a few hundred times.
    """
    analysis = wanted.analysis()
    faces = timeline_of(analysis, "face.emotion", "saliency")
    row = wanted.row(faces, "face.emotion")
    crop, see = _crop(wanted, analysis, faces, row)
    found = face_saliency(see, crop, wanted.label, progress=wanted.progress)
    wanted.compare(faces, row, found.answer)
    height = 5.0
    figure = page.sheet(height)
    start = float(faces.span[row, 0])
    subject = int(faces.extra.get("subject", np.zeros(len(faces)))[row])
    page.title(figure, analysis, f"person {subject} at {start:.1f} s")
    grey = crop @ np.array([0.299, 0.587, 0.114])
    if not wanted.hides(analysis):
        _panel(figure, 0.03, "the face as the model gets it").imshow(crop)
    axes = _panel(figure, 0.34, f"for {found.label} (red) and against it (blue)")
    limit = max(float(np.abs(found.gain).max()), 1e-6)
    if not wanted.hides(analysis):
        axes.imshow(grey, cmap="gray", vmin=0, vmax=255)
    image = axes.imshow(
        found.gain, cmap="RdBu_r", vmin=-limit, vmax=limit,
        alpha=1.0 if wanted.hides(analysis) else 0.35 + 0.5 * np.abs(found.gain) / limit,
    )  # fmt: skip
    scale = figure.add_axes((0.645, 0.15, 0.008, 0.66))
    figure.colorbar(image, cax=scale)
    scale.tick_params(labelsize=7.5, colors=FAINT, length=0)
    scale.set_title("log-odds lost", fontsize=7.5, color=FAINT)
    bars(figure.add_axes((0.77, 0.15, 0.2, 0.66)), found.answer, 0, "its answer", INK)
    text = "Covered patch by patch (Zeiler and Fergus, 2014): what the model looked at, not why."
    figure.text(0.03, 0.42 / height, text, fontsize=8.5, color=FAINT, va="center")
    page.foot(figure, analysis)
    return figure


def _panel(figure: Any, left: float, title: str) -> Any:
    axes = figure.add_axes((left, 0.15, 0.28, 0.66))
    axes.set_axis_off()
    axes.set_title(title, fontsize=10, color=INK)
    return axes


def _crop(
    wanted: Wanted, analysis: Analysis, faces: Timeline, row: int
) -> tuple[NDArray[np.uint8], Any]:
    """Return the crop of the row's face, found again, and the recogniser of faces."""
    notes = Notes()
    parts = wanted.models("face").faces(notes)
    if parts is None or parts.emotion is None:
        raise WeightsUnavailableError(". ".join(notes.warnings))
    found = parts.find(_picture(wanted, analysis, float(faces.span[row, 0])))
    box = faces.extra.get("box")
    if not len(found) or box is None:
        raise InvalidValueError(
            f"the face of row {row} is not found again in {wanted.file(analysis)}; is it the file "
            "that was analysed?"
        )
    apart = np.abs(found.box - box[row]).sum(axis=1)
    return np.asarray(found.crops[int(np.argmin(apart))]), parts.emotion


def _picture(wanted: Wanted, analysis: Analysis, time: float) -> NDArray[np.uint8]:
    from openaffect.io.image import read_image
    from openaffect.io.video import read_frames

    path = wanted.file(analysis)
    if analysis.facts.get("modality") == "image":
        return read_image(path)
    frame = next(iter(read_frames(path, start=time)), None)
    if frame is None:
        raise InvalidValueError(f"{path} has no picture at {time:.2f} s")
    return frame.image


PLOT = Plot("what on the face the answer rests on", draw)
