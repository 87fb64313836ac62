"""The models that a study's tables are ready for, as lines of R and Python."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from .study import Study
from .study_tables import wide_name, wide_names


def model_lines(study: Study, folder: Path) -> list[str]:
    """Return lines for lme4 and for statsmodels, with the participant as the grouping factor.

    First of ``summary.csv``, one row a recording; with one recording a participant that is a plain
    linear model, for a random intercept could not be told from the error. Then of ``wide.csv``, one
    row a window. The outcome is valence where there is one, else the first emotion.
    """
    counts = Counter(recording.participant for recording in study.recordings)
    several = max(counts.values()) > 1
    lines = []
    if outcome := _outcome(study):
        lines += _lines(study, folder / "summary.csv", outcome, grouped=several, nested=False)
    if outcome := _window_outcome(study):
        lines += _lines(study, folder / "wide.csv", outcome, grouped=True, nested=several)
    return lines


def _outcome(study: Study) -> str:
    if study.affect:
        return "valence"
    return f"share_{study.labels[0]}" if study.labels else ""


def _window_outcome(study: Study) -> str:
    known = wide_names(study)
    wanted = [wide_name(study.affect, "valence")]
    wanted += [wide_name(study.stream, label) for label in study.labels[:1]]
    return next((name for name in wanted if name in known), "")


def _lines(study: Study, path: Path, outcome: str, *, grouped: bool, nested: bool) -> list[str]:
    compared = len(study.groups()) > 1
    file = json.dumps(path.as_posix(), ensure_ascii=False)
    fixed = f"factor({_r_name(study.by)})" if compared else "1"
    chance = " + (1 | participant/file)" if nested else " + (1 | participant)"
    call = "lme4::lmer" if grouped else "lm"
    read = f"read.csv({file}, check.names = FALSE)"
    r = f"{call}({_r_name(outcome)} ~ {fixed}{chance if grouped else ''}, data = {read})"
    fixed = f"C({_python_name(study.by)})" if compared else "1"
    formula = json.dumps(f"{_python_name(outcome)} ~ {fixed}", ensure_ascii=False)
    wanted = json.dumps([outcome, *([study.by] if compared else [])], ensure_ascii=False)
    data = f"pandas.read_csv({file}).dropna(subset={wanted})"
    more = ', groups="participant"' if grouped else ""
    more += ', re_formula="1", vc_formula={"file": "0 + C(file)"}' if nested else ""
    call = "mixedlm" if grouped else "ols"
    return [
        f"R: {r}",
        f"Python: statsmodels.formula.api.{call}({formula}, {data}{more}).fit()",
    ]


def _r_name(name: str) -> str:
    plain = name.isascii() and name.isidentifier() and not name.startswith("_")
    return name if plain else "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _python_name(name: str) -> str:
    """Return the name as a formula takes it: within Q() where it is no word."""
    plain = name.isascii() and name.isidentifier() and name not in ("C", "Q", "I")
    return name if plain else f"Q({name!r})"
