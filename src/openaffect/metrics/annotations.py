"""What people marked in ELAN and BORIS, as intervals of labels.

ELAN: the XML of an ``.eaf`` file, EAF 2.7 to 3.0 (https://www.mpi.nl/tools/elan/EAF_Annotation_
Format_3.0_and_ELAN.pdf). BORIS: the tabular exports as CSV or TSV, aggregated or event by event
(https://github.com/olivierfriard/BORIS, ``export_events.py``). Times are seconds.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openaffect.io.sources import existing_file
from openaffect.types import InvalidValueError, MediaError, UnknownNameError, did_you_mean

_LARGEST = 256 * 2**20
"""Bytes of a file that is read."""


@dataclass(frozen=True, slots=True, order=True)
class Annotation:
    """A stretch that a person marked: from ``start`` to ``end`` in seconds, ``label`` on ``tier``.

    The tier is ELAN's tier or BORIS's subject. A BORIS point event has ``start == end``.
    """

    start: float
    end: float
    label: str
    tier: str = ""


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a DOCTYPE, before any entity in it can be declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise MediaError(f"it declares a DOCTYPE ({name}), which ELAN never writes")


def read_eaf(path: str | Path, *, tier: str | None = None) -> tuple[Annotation, ...]:
    """Return the annotations of an ELAN file in order of time, of one tier or of all.

    Slots without a time are spread evenly between their neighbours of the tier, as ELAN shows them;
    an annotation that refers to another has its time, a chain of them shares it evenly. Empty
    annotations are left out.

    Raises
    ------
    MediaError
        when it is no EAF, larger than 256 MB, declares a DOCTYPE, or refers to what is not there.
    UnknownNameError
        when there is no such tier.
    """
    source = _bounded(path)
    try:
        parser = ElementTree.XMLParser(target=_NoDoctype())
        root = ElementTree.parse(source, parser=parser).getroot()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise MediaError(f"{source} is no ELAN file: {error}") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise MediaError(f"{source} is no ELAN file: its root is {root.tag!r}")
    try:
        times = _spans(root)
        names = [element.attrib["TIER_ID"] for element in root.iter("TIER")]
        _check_tier(tier, names, source)
        found = [
            Annotation(*times[one.attrib["ANNOTATION_ID"]], _value(one), element.attrib["TIER_ID"])
            for element in root.iter("TIER")
            if tier in (None, element.attrib["TIER_ID"])
            for one in _annotations(element)
            if _value(one)
        ]
    except (KeyError, ValueError) as error:
        raise MediaError(f"{source} is damaged: missing or malformed {error}") from error
    return tuple(sorted(found))


def read_boris(
    path: str | Path, *, subject: str | None = None, observation: str | None = None
) -> tuple[Annotation, ...]:
    """Return the events of a BORIS export in order of time.

    Aggregated exports have ``Start (s)`` and ``Stop (s)``; in event exports each START is joined
    with the next STOP of its subject, behaviour and modifiers. ``subject`` and ``observation`` keep
    those only; an event without a subject belongs to "No focal subject".

    Raises
    ------
    MediaError
        when the columns are not there, a time is no number, or a START has no STOP.
    UnknownNameError
        when there is no such subject or observation.
    InvalidValueError
        when it holds several observations and none was named.
    """
    source = _bounded(path)
    rows = [row for row in _boris_rows(source) if row.get("Behavior")]
    seen = sorted({row["Observation id"] for row in rows if row.get("Observation id")})
    if observation is None and len(seen) > 1:
        raise InvalidValueError(f"{source} holds observations {', '.join(seen)}; name one")
    _check_tier(observation, seen, source)
    rows = [row for row in rows if observation in (None, row.get("Observation id"))]
    try:
        whole = bool(rows) and "Start (s)" in rows[0]
        found = [*(_aggregated(rows) if whole else _joined(rows, source))]
    except (KeyError, ValueError) as error:
        raise MediaError(f"{source} is damaged: missing or malformed {error}") from error
    _check_tier(subject, sorted({one.tier for one in found}), source)
    return tuple(sorted(one for one in found if subject in (None, one.tier)))


def _bounded(path: str | Path) -> Path:
    source = existing_file(path)
    if source.stat().st_size > _LARGEST:
        raise MediaError(f"{source} is larger than {_LARGEST // 2**20} MB")
    return source


def _spans(root: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """Return start and end in seconds of every annotation by its id."""
    slots = {
        slot.attrib["TIME_SLOT_ID"]: int(slot.attrib["TIME_VALUE"]) / 1000
        for slot in root.iter("TIME_SLOT")
        if "TIME_VALUE" in slot.attrib
    }
    for element in root.iter("TIER"):
        _fill_slots([*element.iter("ALIGNABLE_ANNOTATION")], slots)
    spans = {
        one.attrib["ANNOTATION_ID"]: (
            slots[one.attrib["TIME_SLOT_REF1"]],
            slots[one.attrib["TIME_SLOT_REF2"]],
        )
        for one in root.iter("ALIGNABLE_ANNOTATION")
    }
    chains: dict[tuple[str, str], list[str]] = {}
    for element in root.iter("TIER"):
        for one in element.iter("REF_ANNOTATION"):
            place = element.attrib["TIER_ID"], one.attrib["ANNOTATION_REF"]
            chains.setdefault(place, []).append(one.attrib["ANNOTATION_ID"])
    _share(chains, spans)
    return spans


def _fill_slots(annotations: list[ElementTree.Element], slots: dict[str, float]) -> None:
    """Spread the slots without a time evenly over the run of annotations that holds them."""
    following = {one.attrib["TIME_SLOT_REF1"]: one.attrib["TIME_SLOT_REF2"] for one in annotations}
    for first, second in following.items():
        if first not in slots or second in slots:
            continue
        run = [first, second]
        while run[-1] not in slots and run[-1] in following and len(run) <= len(following) + 1:
            run.append(following[run[-1]])
        start, end = slots[first], slots[run[-1]]
        for number, name in enumerate(run[1:-1], 1):
            slots[name] = start + (end - start) * number / (len(run) - 1)


def _share(
    chains: Mapping[tuple[str, str], list[str]], spans: dict[str, tuple[float, float]]
) -> None:
    """Give references the time of what they refer to; parents may themselves be references."""
    waiting = dict(chains)
    while waiting:
        ready = {place: ids for place, ids in waiting.items() if place[1] in spans}
        if not ready:
            raise KeyError(f"annotation {next(iter(waiting))[1]}")
        for (_, parent), ids in ready.items():
            start, end = spans[parent]
            step = (end - start) / len(ids)
            for number, name in enumerate(ids):
                spans[name] = (start + number * step, start + (number + 1) * step)
        waiting = {place: ids for place, ids in waiting.items() if place not in ready}


def _annotations(tier: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for one in tier.iter("ANNOTATION"):
        yield from one


def _value(annotation: ElementTree.Element) -> str:
    return (annotation.findtext("ANNOTATION_VALUE") or "").strip()


def _check_tier(name: str | None, known: list[str], source: Path) -> None:
    if name is not None and name not in known:
        raise UnknownNameError(
            f"{source} has no {name!r}{did_you_mean(name, known)} "
            f"It has: {', '.join(known) or 'none'}"
        )


def _boris_rows(source: Path) -> list[dict[str, str]]:
    """Return the rows under the header; older event exports have a preamble above it."""
    try:
        text = source.read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise MediaError(f"{source} is not UTF-8: {error}") from error
    try:
        rows = _under_header(text.splitlines())
    except csv.Error as error:
        raise MediaError(f"{source} is no table: {error}") from error
    if rows is not None:
        return rows
    raise MediaError(
        f"{source} is no BORIS export: no line has the columns Behavior and Start (s) or Time"
    )


def _under_header(lines: list[str]) -> list[dict[str, str]] | None:
    for number, line in enumerate(lines):
        delimiter = "\t" if "\t" in line else ","
        header = next(csv.reader([line], delimiter=delimiter), [])
        if "Behavior" in header and ("Start (s)" in header or "Time" in header):
            reader = csv.DictReader(lines[number:], delimiter=delimiter)
            return [{key: value or "" for key, value in row.items() if key} for row in reader]
    return None


def _aggregated(rows: list[dict[str, str]]) -> Iterator[Annotation]:
    for row in rows:
        start = float(row["Start (s)"])
        point = row.get("Behavior type", "").upper() == "POINT"
        end = start if point else float(row["Stop (s)"])
        yield Annotation(start, end, row["Behavior"], row.get("Subject", ""))


def _joined(rows: list[dict[str, str]], source: Path) -> Iterator[Annotation]:
    started: dict[tuple[str, ...], float] = {}
    for row in sorted(rows, key=lambda row: float(row["Time"])):
        # Version 8 writes START and STOP under "Behavior type", version 7 under "Status".
        state = (row.get("Status") or row.get("Behavior type") or "").upper()
        time, subject, label = float(row["Time"]), row.get("Subject", ""), row["Behavior"]
        modifiers = tuple(value for name, value in row.items() if name.startswith("Modifier"))
        key = (subject, label, *modifiers)
        if state == "START":
            started[key] = time
        elif state == "STOP":
            if key not in started:
                raise MediaError(f"{source}: {label} stops at {time} s and never started")
            yield Annotation(started.pop(key), time, label, subject)
        else:
            yield Annotation(time, time, label, subject)
    if started:
        key, time = next(iter(started.items()))
        raise MediaError(f"{source}: {key[1]} starts at {time} s and never stops")
