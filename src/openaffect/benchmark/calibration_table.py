"""What was found of calibration and abstention, as tables, JSON lines and a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from openaffect.types import InvalidValueError, OutputError

from . import _facts
from .calibration import COVERAGES, Judged, Row
from .scoring import Figure

BAR = 0.04
"""The top-label expected calibration error that a recogniser may have."""
PAGE, LINES, PICTURE = "calibration.md", "calibration.jsonl", "risk-coverage.png"

_HEAD = (
    "recogniser", "protocol", "rows", "right", "error", "by chance", "bar", "Brier", "log loss",
    "without temperature", "after", "form", "Brier", "log loss",
)  # fmt: skip


def write(rows: Sequence[Row], folder: str | Path, command: str) -> tuple[Path, ...]:
    """Write the page, the JSON lines and the picture into a folder; return their paths.

    Raises :class:`InvalidValueError` without rows, :class:`OutputError` when they cannot be
    written, :class:`MissingDependencyError` without matplotlib (extra ``report``).
    """
    from openaffect.report.risk_coverage import risk_coverage_picture

    if not rows:
        raise InvalidValueError("no recogniser was judged; there is nothing to write")
    place = Path(folder)
    paths = place / PAGE, place / LINES, place / PICTURE
    try:
        place.mkdir(parents=True, exist_ok=True)
        paths[0].write_text(markdown(rows, command), encoding="utf-8")
        lines = (json.dumps(row.to_dict(), ensure_ascii=False) + "\n" for row in rows)
        paths[1].write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{paths[0]} cannot be written: {error}") from error
    risk_coverage_picture({f"{row.model}, {row.protocol}": row.curve for row in rows}, paths[2])
    return paths


def markdown(rows: Sequence[Row], command: str) -> str:
    """Return the tables as Markdown."""
    versions = ", ".join(f"{name} {value}" for name, value in _facts.versions().items())
    lines = [
        "# Calibration and abstention",
        "",
        f"Printed by `{command}` on {_facts.today()} with {versions}.",
        "",
        "Error: top-label expected calibration error, 15 bins of equal count, with the 95 % "
        "percentile interval of the bootstrap over items (over speakers where there are any; "
        "resampling makes bins noisier, so intervals lean upwards). *By chance*: the mean error "
        "that honest probabilities of the same confidences have on so few rows, and what 95 of 100 "
        f"such errors stay under. Bar: {BAR}. "
        "*After*: moved by a map fitted on the other half of the rows, its form chosen within "
        "that half. *Without temperature*: the one in the network's graph undone.",
        "",
        f"| {' | '.join(_HEAD)} |",
        f"|{'---|' * len(_HEAD)}",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
        "",
        "Errors of every form, cross-fitted on the same halves:",
        "",
        "| recogniser | protocol | as it ships | temperature | vector | isotonic |",
        "|---|---|---|---|---|---|",
        *(f"| {' | '.join(_form_cells(row))} |" for row in rows),
        "",
        "## Abstention",
        "",
        "Share of wrong answers among the surest rows, by the share of rows that is answered; the "
        "area is the mean over all coverages (Geifman et al., ICLR 2019).",
        "",
        f"| recogniser | protocol | area | {' | '.join(f'{share:.0%}' for share in COVERAGES)} |",
        f"|---|---|---|{'---|' * len(COVERAGES)}",
        *(f"| {' | '.join(_risk_cells(row))} |" for row in rows),
        "",
        f"![Risk-coverage curves]({PICTURE})",
        "",
    ]
    return "\n".join(lines)


def meets_bar(row: Row) -> bool:
    """Tell whether a recogniser as it ships keeps to the bar."""
    return row.shipped.error.value is not None and row.shipped.error.value <= BAR


def _cells(row: Row) -> list[str]:
    return [
        row.model,
        row.protocol if row.origin == "measured" else f"{row.protocol}, {row.origin}",
        f"{row.rows:,}",
        f"{row.right:.3f}",
        _shown(row.shipped.error),
        f"{row.floor:.3f}, {row.floor_high:.3f}",
        "met" if meets_bar(row) else "not met",
        *_losses(row.shipped),
        "" if row.raw is None else _shown(row.raw.error),
        _shown(row.after.error),
        row.form,
        *_losses(row.after),
    ]


def _losses(found: Judged) -> tuple[str, str]:
    return f"{found.brier:.3f}", f"{found.loss:.3f}"


def _form_cells(row: Row) -> list[str]:
    shipped = row.shipped.error.value
    forms = (row.forms.get(name) for name in ("temperature", "vector", "isotonic"))
    shown = ["" if value is None else f"{value:.3f}" for value in (shipped, *forms)]
    return [row.model, row.protocol, *shown]


def _risk_cells(row: Row) -> list[str]:
    return [row.model, row.protocol, _shown(row.area), *(f"{v:.3f}" for v in row.risks.values())]


def _shown(found: Figure) -> str:
    if found.value is None:
        return "–"
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"
