"""Run something in a fresh process, and tell how long it took and how much memory it had."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""What keeps numerical libraries to one thread; it has to be there when they are loaded."""


@dataclass(frozen=True, slots=True)
class Ended:
    """code: the exit status. output, errors: what was written. seconds: from start to exit.

    peak: the most memory that it held, in bytes (``ru_maxrss``).
    """

    code: int
    output: str
    errors: str
    seconds: float
    peak: int


def run(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, core: int | None = None
) -> Ended:
    """Run a command to its end.

    core: pin it to that core, where the system can. Weights are not fetched meanwhile, and byte
    code is kept between runs as it is for anybody else.
    """
    if not hasattr(os, "wait4"):
        sys.exit("this needs os.wait4, which Windows lacks; run it on Linux or macOS")
    settings = {**os.environ, "OPENAFFECT_OFFLINE": "1", **(environment or {})}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    usual = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        if core is not None and usual:
            os.sched_setaffinity(0, {core})  # a child starts out with its parent's
        try:
            begun = time.perf_counter()
            child = subprocess.Popen(command, stdout=output, stderr=errors, env=settings)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - begun
        finally:
            if core is not None and usual:
                os.sched_setaffinity(0, usual)
        child.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Ended(child.returncode, *texts, seconds, usage.ru_maxrss * unit)


def last_core() -> int | None:
    """Return the last core that may be used: the first often serves interrupts."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
