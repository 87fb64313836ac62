"""Audacity labels: a file, and so a label track, a timeline and person.

A line a label: start and end in seconds and the text, with a tab between them; see
https://manual.audacityteam.org/man/importing_and_exporting_labels.html.
"""

from __future__ import annotations

import re
from pathlib import Path

from openaffect.types.analysis import Analysis

from ..stretches import tiers
from ._format import Format


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.<timeline>.labels.txt``, the person's number after the timeline."""
    from openaffect.io.output import atomic

    names: list[str] = []
    for tier, marks in tiers(analysis).items():
        names.append(f"{name}.{re.sub(r'[^A-Za-z0-9._-]+', '-', tier)}.labels.txt")
        with atomic(folder / names[-1]) as file:
            for one in marks:
                line = f"{one.start / 1000:.6f}\t{one.end / 1000:.6f}\t{one.text}\n"
                file.write(line.encode())
    return names


FORMAT = Format("Audacity labels", write, timed=True)
