"""One analysis as one page: self-contained, without a network, for people to look at."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from openaffect.pipeline.people_summary import SubjectSummary, summaries
from openaffect.types import Analysis, Unit

from . import html_facts, html_media
from .html_arrays import Pool
from .html_lanes import MOST_PEOPLE, MOST_ROWS, lanes, ticks
from .people import thumbnails

SCRIPTS = (
    "uPlot.iife.min.js",
    "data.js",
    "media.js",
    "draw.js",
    "timeline.js",
    "sections.js",
    "main.js",
)
STYLES = ("uPlot.min.css", "report.css")
_HOLE = re.compile(r"<!--\[(\w+)\]-->")


def html_report(
    analysis: Analysis,
    path: str | Path,
    *,
    media: str | Path | None = None,
    anonymize: bool = False,
) -> Path:
    """Write an analysis as one HTML file and return its path.

    The page plays the recording with boxes over the faces, in step with a timeline of every stream
    and person; it holds everything it needs and forbids itself every network access.

    Parameters
    ----------
    analysis: of anything: a video, a recording, a picture, a text, a column of a table.
    path: where to write; appears whole or not at all.
    media: the recording or picture itself. Embedded up to 64 MB, beyond that linked from where it
        lies. Without it the page has a clock of its own in place of the player.
    anonymize: no thumbnails, faces hidden in a picture, and no video in the page but stills with
        the faces hidden. An analysis that was asked for anonymised always is.

    Raises
    ------
    MediaError, SourceNotFoundError
        when ``media`` cannot be read.
    OutputError
        when the file cannot be written.
    """
    from openaffect.io.output import atomic

    target = Path(path)
    anonymize = anonymize or bool(analysis.facts.get("anonymize"))
    file = None if media is None else Path(media)
    shown = html_media.shown(analysis, file, target, anonymize=anonymize)
    known = summaries(analysis)
    pictures = _thumbnails(analysis, known, None if anonymize else file)
    data = _data(analysis, known, pictures) | {
        "media": shown.to_dict(),
        "anonymize": anonymize,
    }
    with atomic(target) as page:
        for piece in _page(data, shown):
            page.write(piece)
    return target


def _thumbnails(
    analysis: Analysis, people: list[SubjectSummary], media: Path | None
) -> dict[Any, str]:
    if media is None or analysis.facts.get("modality") != "video":
        return {}
    found = thumbnails(analysis, people[:MOST_PEOPLE], media)
    return {key: html_media.picture_address(image, 96) for key, image in found.items()}


def _data(
    analysis: Analysis, known: list[SubjectSummary], pictures: dict[Any, str]
) -> dict[str, Any]:
    """Return what the scripts read, JSON values only."""
    from openaffect import __version__

    pool = Pool()
    unit = _unit(analysis)
    people = html_facts.people(known, pictures)
    shown = [person["subject"] for person in people[:MOST_PEOPLE]]
    drawn = [] if unit is None else lanes(analysis, shown, pool)
    said, of = html_facts.sentences(analysis)
    faces = html_facts.faces(analysis)
    labels = {label for lane in drawn for label in lane["labels"]}
    labels |= {label for face in faces for label in face["scores"]}
    return {
        "version": __version__,
        "title": html_facts.title(analysis),
        "kind": str(analysis.facts.get("modality", "")),
        "facts": html_facts.facts(analysis),
        "width": int(analysis.facts.get("width") or 0),
        "height": int(analysis.facts.get("height") or 0),
        "unit": "" if unit is None else str(unit),
        "ticks": 1 if unit is None else ticks(unit),
        "until": _until(analysis, unit),
        "people": people,
        "lanes": drawn,
        "arrays": pool.to_list(),
        "colours": html_facts.colours(sorted(labels)),
        "lines": html_facts.line_colours(),
        "sentences": said,
        "faces": faces,
        "conflicts": html_facts.conflicts(analysis),
        "coverage": html_facts.coverage(analysis),
        "warnings": list(analysis.warnings),
        "notes": _notes(drawn, len(people), len(said), of),
        "cards": [html_facts.card(card) for card in analysis.cards],
        "law": html_facts.law(),
    }


def _unit(analysis: Analysis) -> Unit | None:
    """Return what the page's axis counts; none for a still, which has no axis."""
    units = {timeline.unit for timeline in analysis.timelines.values()}
    for unit in (Unit.SECONDS, Unit.CHARACTERS):
        if unit in units:
            return unit
    rows = any("row" in timeline.extra for timeline in analysis.timelines.values())
    return Unit.WHOLE if rows else None


def _until(analysis: Analysis, unit: Unit | None) -> float:
    """Return where the axis ends, in its unit."""
    if unit is None:
        return 0.0
    lines = analysis.timelines.values()
    if unit is Unit.WHOLE:
        return float(max((len(line) for line in lines), default=0) or 1)
    if unit is Unit.SECONDS and analysis.facts.get("duration"):
        return float(analysis.facts["duration"])
    ends = [float(line.span.max()) for line in lines if line.span.size and line.unit is unit]
    ends += [float(line.coverage.max()) for line in lines if line.coverage.size]
    return max([float(analysis.facts.get("characters") or 0.0), *ends, 0.1])


def _notes(drawn: list[dict[str, Any]], people: int, said: int, of: int) -> list[str]:
    """Return sentences on what the page leaves out for the sake of its size."""
    notes = []
    thinned = sorted({lane["name"] for lane in drawn if lane["measured"] > lane["count"]
                      and "moods" not in lane})  # fmt: skip
    if thinned:
        notes.append(
            f"Of {', '.join(thinned)} neighbouring rows are averaged, so that the page stays "
            f"small ({MOST_ROWS:,} rows at most); the tables hold all."
        )
    if people > MOST_PEOPLE:
        notes.append(
            f"{people} people were seen; the {MOST_PEOPLE} seen longest have lanes of their own."
        )
    if of > said:
        notes.append(f"Of {of:,} texts the first {said:,} are listed.")
    return notes


def _page(data: dict[str, Any], shown: html_media.Shown) -> Iterator[bytes]:
    """Yield the page's bytes, template and contents in turn."""
    styles = [static(name) for name in STYLES]
    scripts = [static(name) for name in SCRIPTS]
    pieces = _HOLE.split(static("report.html"))
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            yield piece.encode()
        elif piece == "policy":
            yield escape(policy(scripts, styles, linked=shown.how == "linked")).encode()
        elif piece == "title":
            yield escape(html_facts.short(data["title"])).encode("utf-8", "replace")
        elif piece == "styles":
            yield "".join(f"<style>{style}</style>\n" for style in styles).encode()
        elif piece == "scripts":
            yield "".join(f"<script>{script}</script>\n" for script in scripts).encode()
        elif piece == "data":
            yield inert(data).encode()
        elif piece == "media" and shown.file is not None:
            yield from html_media.base64_pieces(shown.file)


def static(name: str) -> str:
    """Return the text of one of the page's own files."""
    return resources.files("openaffect.report").joinpath("static", name).read_text("utf-8")


def inert(data: Any) -> str:
    """Return JSON that can stand in an HTML script block whatever its strings hold.

    Nothing but ASCII, and neither ``<`` nor ``>`` nor ``&``: no tag, comment or entity can begin.
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def policy(scripts: list[str], styles: list[str], *, linked: bool) -> str:
    """Return the page's content security policy: its own scripts and styles, and nothing else.

    linked: whether the recording lies beside the page, as a file on the same disk.
    """
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": " ".join(map(_hash, styles)),
        "img-src": "data: blob:",
        "media-src": "blob: file:" if linked else "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
