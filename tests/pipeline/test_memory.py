"""Sixty minutes must not need much more memory than one."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import picture, speech, write_video

CODE = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from pipeline.conftest import StubKit
from openaffect.pipeline.analyze import Analyzer
from openaffect.pipeline.batch import analyze_many
make = lambda options: Analyzer(options, kit=StubKit())
(outcome,) = analyze_many([sys.argv[2]], out=sys.argv[3], formats=("csv", "json"), make=make)
assert outcome.status == "done", outcome.error
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(clip, out):
    """Return the peak memory in MB of a process that analyses ``clip``."""
    result = subprocess.run(
        [sys.executable, "-c", CODE, str(Path(__file__).parents[1]), str(clip), str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return int(result.stdout) / unit


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the peak is read by resource, a POSIX module")
def test_sixty_minutes_need_at_most_200_mb_more_than_one(tmp_path):
    images = [picture([(20 + shift, 8), (110, 60 - shift)]) for shift in range(5)]
    minute = speech(60, [(t + 0.5, t + 4) for t in range(0, 60, 5)])
    peaks = []
    for minutes in (1, 60):
        clip = tmp_path / f"{minutes}.mp4"
        frames = [images[number % 5] for number in range(300 * minutes)]
        write_video(clip, frames, rate=5, sound=[minute] * minutes)
        peaks.append(peak(clip, tmp_path / f"out{minutes}"))
    assert peaks[1] - peaks[0] <= 200, peaks
