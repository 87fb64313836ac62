"""What in a voice the answer rests on: its spectrogram, and what each part of it counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.pipeline.attribution import RATE, sound_saliency
from openaffect.pipeline.notes import Notes
from openaffect.types import InvalidValueError, WeightsUnavailableError

from .. import page
from ..colours import FAINT, INK
from ..still import bars
from ._plot import Plot, Wanted, timeline_of

_FREQUENCIES = (250, 500, 1000, 2000, 4000, 8000)


def draw(wanted: Wanted) -> Any:
    """Return the figure: the spectrogram above, what counts in it below, the scores beside.

    The window is read again from the analysed file and the recogniser asked about a hundred times.
    """
    analysis = wanted.analysis()
    voice = timeline_of(analysis, "speech.emotion", "spectrogram")
    row = wanted.row(voice, "speech.emotion")
    start, end = voice.span[row].tolist()
    samples = _sound(wanted.file(analysis), start, end)
    notes = Notes()
    parts = wanted.models("speech").voice(notes)
    hear = None if parts is None else parts.windowed.get("speech.emotion")
    if hear is None:
        raise WeightsUnavailableError(". ".join(notes.warnings))
    found = sound_saliency(hear, samples, wanted.label, progress=wanted.progress)
    wanted.compare(voice, row, found.answer)
    height = 6.2
    figure = page.sheet(height)
    page.title(figure, analysis, f"{start:.1f} to {end:.1f} s")
    loud, times, frequencies = _spectrogram(samples)
    above = _panel(figure, 0.55, "the sound, in dB below its loudest", start, end)
    image = above.pcolormesh(times + start, frequencies, loud, cmap="magma", vmin=-70, vmax=0,
                             shading="nearest")  # fmt: skip
    _scale(figure, image, 0.55, "dB")
    below = _panel(figure, 0.15, f"for {found.label} (red) and against it (blue)", start, end)
    limit = max(float(np.abs(found.gain).max()), 1e-6)
    image = below.pcolormesh(found.times + start, found.frequencies, found.gain, cmap="RdBu_r",
                             vmin=-limit, vmax=limit)  # fmt: skip
    _scale(figure, image, 0.15, "log-odds lost")
    below.set_xlabel("seconds", fontsize=9, color=FAINT, labelpad=1)
    bars(figure.add_axes((0.79, 0.15, 0.19, 0.72)), found.answer, 0, "its answer", INK)
    page.foot(figure, analysis)
    return figure


def _panel(figure: Any, bottom: float, title: str, start: float, end: float) -> Any:
    axes = figure.add_axes((0.065, bottom, 0.58, 0.32))
    axes.set_yscale("function", functions=(_mel, _hertz))
    axes.set_ylim(0, RATE / 2)
    axes.set_xlim(start, end)
    axes.set_yticks(_FREQUENCIES, [f"{hertz:g}" for hertz in _FREQUENCIES])
    axes.minorticks_off()
    axes.tick_params(length=0, labelsize=8, colors=FAINT)
    axes.set_ylabel("Hz", fontsize=9, color=FAINT)
    axes.set_title(title, fontsize=10, color=INK, loc="left")
    return axes


def _scale(figure: Any, image: Any, bottom: float, title: str) -> None:
    scale = figure.add_axes((0.655, bottom, 0.008, 0.32))
    figure.colorbar(image, cax=scale)
    scale.tick_params(labelsize=7.5, colors=FAINT, length=0)
    scale.set_title(title, fontsize=7.5, color=FAINT)


def _mel(hertz: Any) -> Any:
    return np.log1p(np.maximum(hertz, 0) / 700)


def _hertz(mel: Any) -> Any:
    return 700 * np.expm1(mel)


def _sound(path: Any, start: float, end: float) -> NDArray[np.float32]:
    """Return the samples from ``start`` to ``end`` seconds at 16 kHz."""
    from openaffect.io.audio import read_audio

    chunk = next(iter(read_audio(path, rate=RATE, chunk=end - start, start=start)), None)
    if chunk is None or not len(chunk.samples):
        raise InvalidValueError(f"{path} has no sound from {start:.2f} s to {end:.2f} s")
    return chunk.samples


def _spectrogram(
    samples: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (F, T) dB below the loudest, T times in seconds and F frequencies in Hz."""
    size, hop = 512, 128
    padded = np.pad(samples.astype(np.float64), size // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size))).T ** 2
    loud = 10 * np.log10(np.maximum(power, 1e-12))
    times = np.arange(loud.shape[1]) * hop / RATE
    frequencies = np.asarray(np.fft.rfftfreq(size, 1 / RATE), np.float64)
    return np.asarray(loud - loud.max()), times, frequencies


PLOT = Plot("what in the voice the answer rests on", draw)
