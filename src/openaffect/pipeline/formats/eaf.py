"""An ELAN file: a tier a timeline and person.

Format 3.0, https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf. Times are whole
milliseconds; annotations of one tier neither overlap nor are without length, so an event becomes
one of a millisecond. The date is fixed: the same result gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from openaffect.types.analysis import Analysis

from ..stretches import Mark, lasting, plain, tiers
from ._format import Format

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="OpenAffect" DATE="1970-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL={url} MIME_TYPE={kind}/>
</HEADER>
"""
_FOOT = """<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt"
 TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
"""


def write(analysis: Analysis, folder: Path, name: str) -> list[str]:
    """Write ``<name>.eaf``."""
    from openaffect.io.output import atomic

    laid = {tier: lasting(marks) for tier, marks in tiers(analysis).items()}
    with atomic(folder / f"{name}.eaf") as file:
        file.writelines(piece.encode() for piece in _pieces(analysis, laid))
    return [f"{name}.eaf"]


def _pieces(analysis: Analysis, laid: dict[str, list[Mark]]) -> Iterator[str]:
    media = Path(analysis.source).name
    url = quote(f"./{media}".encode("utf-8", "replace"))
    kind = guess_type(media)[0] or "unknown"
    yield _HEAD.format(url=quoteattr(url), kind=quoteattr(kind))
    times = sorted(
        {time for marks in laid.values() for one in marks for time in (one.start, one.end)}
    )
    yield "<TIME_ORDER>\n"
    for time in times:
        yield f'<TIME_SLOT TIME_SLOT_ID="ts{time}" TIME_VALUE="{time}"/>\n'
    yield "</TIME_ORDER>\n"
    count = 0
    for tier, own in laid.items():
        yield f'<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID={quoteattr(plain(tier))}>\n'
        for one in own:
            count += 1
            yield (
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{count}" '
                f'TIME_SLOT_REF1="ts{one.start}" TIME_SLOT_REF2="ts{one.end}">'
                f"<ANNOTATION_VALUE>{escape(one.text)}</ANNOTATION_VALUE>"
                "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
            )
        yield "</TIER>\n"
    yield _FOOT


FORMAT = Format("ELAN annotations", write, timed=True)
