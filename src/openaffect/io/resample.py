"""Band-limited change of sample rate for a stream of mono samples."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import AudioResampler

Samples = NDArray[np.float32]

# libswresample's polyphase filter: long enough that a tone above the new band is lost in the
# 16-bit noise (checked in tests/io/test_audio.py).
_OPTIONS = {"filter_size": "64", "phase_shift": "10", "cutoff": "0.95"}
_FRAME = 1 << 16


class Resampler:
    """Feed pieces of any length; what comes out, joined, is round(T * new / old) samples long."""

    def __init__(self, source_rate: int, rate: int) -> None:
        self.source_rate, self.rate = source_rate, rate
        self._fed = self._given = 0
        self._filter: AudioResampler | None = None
        if source_rate != rate:
            import av

            self._filter = av.AudioResampler(
                format="flt", layout="mono", rate=rate, options=_OPTIONS
            )

    def feed(self, samples: Samples) -> Samples:
        """Return the new samples that follow from these; some are held back by the filter."""
        if self._filter is None:
            return samples
        out: list[Samples] = []
        for begin in range(0, len(samples), _FRAME):
            out += self._push(self._frame(samples[begin : begin + _FRAME]))
        return self._counted(out, final=False)

    def finish(self) -> Samples:
        """Return what the filter held back."""
        if self._filter is None or not self._fed:
            return np.zeros(0, np.float32)
        return self._counted(self._push(None), final=True)

    def _frame(self, samples: Samples) -> Any:
        import av

        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[np.newaxis]), format="flt", layout="mono"
        )
        frame.sample_rate = self.source_rate
        frame.time_base = Fraction(1, self.source_rate)
        frame.pts = self._fed
        self._fed += len(samples)
        return frame

    def _push(self, frame: Any) -> list[Samples]:
        assert self._filter is not None
        return [part.to_ndarray()[0] for part in self._filter.resample(frame)]

    def _counted(self, parts: list[Samples], *, final: bool) -> Samples:
        """Join, and hold the total to the exact length: cut what is over, pad at the end."""
        joined = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        due = round(self._fed * self.rate / self.source_rate) - self._given
        if len(joined) > due:
            joined = joined[: max(0, due)]
        elif final:
            joined = np.pad(joined, (0, due - len(joined)))
        self._given += len(joined)
        return joined
