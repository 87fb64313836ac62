"""What an analysis found, in a line a timeline."""

from __future__ import annotations

from typing import Any

import numpy as np

from openaffect.types.analysis import Analysis
from openaffect.types.scheme import Kind
from openaffect.types.timeline import Timeline

from .joined import shares, told


def summarize(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one record a timeline, JSON values only.

    ``timeline`` its name, ``rows``, ``subjects`` (how many people, 0 where unknown), ``label`` the
    label with the highest mean over the rows that do not abstain (empty for dimensions and where
    there are none), ``mean`` that mean, or for dimensions a mapping from label to mean; ``model``.
    ``streams`` of ``fused.emotion``: in which share of the time each had a say. ``conflicts`` of
    ``fused.conflict``: seconds by what disagreed.
    """
    lines = [_line(name, timeline) for name, timeline in analysis.timelines.items()]
    for line in lines:
        if line["timeline"] == "fused.emotion":
            line["streams"] = shares(analysis.timelines["fused.emotion"])
        elif line["timeline"] == "fused.conflict":
            line["conflicts"] = told(analysis.timelines["fused.conflict"])
    return lines


def _line(name: str, timeline: Timeline) -> dict[str, Any]:
    abstain = timeline.extra.get("abstain", np.zeros(len(timeline), dtype=bool))
    scores = timeline.scores[~np.asarray(abstain, dtype=bool)].astype(np.float64)
    subjects = timeline.extra.get("subject", np.zeros(0))
    measured = np.isfinite(scores)
    counts = measured.sum(axis=0)
    means = np.where(measured, scores, 0.0).sum(axis=0) / np.maximum(counts, 1)
    label = ""
    mean: float | dict[str, float] = 0.0
    if timeline.scheme.kind is Kind.DIMENSIONS:
        mean = {
            column: round(float(value), 4)
            for column, value, count in zip(timeline.scheme.labels, means, counts, strict=True)
            if count
        }
    elif len(scores):
        label = timeline.scheme.labels[int(np.argmax(means))]
        mean = round(float(means.max()), 4)
    return {
        "timeline": name,
        "rows": len(timeline),
        "subjects": len({int(subject) for subject in subjects if subject >= 0}),
        "label": label,
        "mean": mean,
        "model": timeline.model,
    }
