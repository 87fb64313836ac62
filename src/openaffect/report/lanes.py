"""Lanes of a time axis: distributions as stacks, dimensions as lines, words as blocks."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from openaffect.types import Timeline

from .colours import FAINT, INK, PALE, emotion_colour, text_on

_MOST_BARS = 400
"""Bars across a lane: more would be narrower than a pixel or two."""
_PAUSE, _LONGEST = 0.6, 20.0
"""Seconds of silence that end a phrase, and the longest one where nobody pauses or stops."""
_ENDS = (".", "!", "?", "…", "。", "！", "？")


def style(axes: Any, title: str, until: float) -> None:
    """Give a lane its name on the left, a pale ground for "not looked at", and no frame."""
    axes.set_xlim(0, until)
    axes.set_facecolor(PALE)
    axes.set_ylabel(title, rotation=0, ha="right", va="center", fontsize=10, color=INK, labelpad=12)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=8, colors=FAINT)
    axes.tick_params(axis="x", labelbottom=False)


def shade_coverage(axes: Any, timeline: Timeline) -> None:
    """Whiten what was looked at, so that "nobody there" differs from "not analysed"."""
    for start, end in timeline.coverage:
        axes.axvspan(start, end, color="white", zorder=0)


def coarse(timeline: Timeline, cells: int = _MOST_BARS) -> Timeline:
    """Return at most ``cells`` rows: those of a long recording averaged over equal stretches.

    What was not measured does not count; the extras are those of each stretch's first row.
    """
    if len(timeline) <= cells:
        return timeline
    end = float(timeline.span[:, 1].max())
    cell = np.minimum((timeline.span.mean(axis=1) / end * cells).astype(int), cells - 1)
    used, first, place = np.unique(cell, return_index=True, return_inverse=True)
    measured = np.isfinite(timeline.scores)
    sums, counts = np.zeros((2, len(used), len(timeline.scheme)))
    np.add.at(sums, place, np.where(measured, timeline.scores, 0.0))
    np.add.at(counts, place, measured)
    return Timeline(
        scheme=timeline.scheme,
        scores=np.where(counts, sums / np.maximum(counts, 1), np.nan).astype(np.float32),
        span=np.stack([used, used + 1], axis=1) * (end / cells),
        unit=timeline.unit,
        extra={name: values[first] for name, values in timeline.extra.items()},
        coverage=timeline.coverage,
        model=timeline.model,
    )


def clock(seconds: float, _place: int = 0) -> str:
    """Return a tick's label: ``7`` up to two minutes, then ``3:20``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{seconds:g}" if seconds < 120 else f"{minutes}:{rest:02d}"


def stack(axes: Any, timeline: Timeline) -> None:
    """Draw distributions as stacked bars, each as wide as its span."""
    shade_coverage(axes, timeline)
    timeline = coarse(timeline)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    if not len(timeline):
        return
    start = timeline.span[:, 0]
    width = timeline.span[:, 1] - start
    total = np.maximum(timeline.scores.sum(axis=1), 1e-9)
    floor = np.zeros(len(timeline))
    for label in timeline.scheme.labels:
        height = timeline.column(label) / total
        axes.bar(
            start, height, width, bottom=floor, align="edge", color=emotion_colour(label),
            linewidth=0, antialiased=False, zorder=2,
        )  # fmt: skip
        floor = floor + height


def lines(axes: Any, timeline: Timeline, colours: Sequence[str] = ("#b5651d", "#33658a")) -> None:
    """Draw dimensions in [-1, 1] as lines, broken where a row is missing."""
    shade_coverage(axes, timeline)
    axes.set_ylim(-1.05, 1.05)
    axes.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    timeline = coarse(timeline)
    axes.axhline(0, color=FAINT, linewidth=0.6, zorder=1)
    middle = timeline.span.mean(axis=1)
    gaps = np.flatnonzero(
        np.diff(middle) > 3 * (np.median(np.diff(middle)) if len(middle) > 2 else 1)
    )
    for label, colour in zip(timeline.scheme.labels, colours, strict=False):
        times = np.insert(middle, gaps + 1, np.nan)
        values = np.insert(timeline.column(label).astype(float), gaps + 1, np.nan)
        axes.plot(times, values, color=colour, linewidth=1.6, label=label, zorder=3)
    if len(timeline):
        axes.legend(
            loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8, frameon=False,
            handlelength=1.2,
        )  # fmt: skip


def activity(axes: Any, timeline: Timeline) -> None:
    """Draw the probability of speech as a filled curve."""
    shade_coverage(axes, timeline)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    timeline = coarse(timeline)
    for (start, end), value in zip(timeline.span, timeline.scores[:, 0], strict=True):
        axes.fill_between([start, end], 0, value, color="#6b7a90", linewidth=0, zorder=2)


def words(axes: Any, spoken: Timeline, mood: Timeline | None, until: float) -> None:
    """Draw what was said as blocks, coloured by the mood of the words where it is known.

    Neighbouring words are joined into phrases; a block too narrow for its words is cut short with
    an ellipsis, never drawn over the next one.
    """
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    shade_coverage(axes, spoken)
    for start, end, text in phrases(spoken):
        colour = emotion_colour(mood_at(mood, start, end)) if mood is not None else "#dfe3e8"
        axes.barh(
            0.5, end - start, 0.92, left=start, color=colour, edgecolor="white", linewidth=1,
            zorder=2,
        )  # fmt: skip
        characters = int((end - start) / until * 165) - 2
        lines_of_text = textwrap.wrap(text, max(characters, 4), max_lines=3, placeholder=" …")
        if characters >= 6:
            axes.text(
                (start + end) / 2, 0.5, "\n".join(lines_of_text), ha="center", va="center",
                fontsize=8.5, color=text_on(colour), zorder=3, clip_on=True,
            )  # fmt: skip


def phrases(spoken: Timeline) -> list[tuple[float, float, str]]:
    """Join words into phrases (start, end, text): to a pause, a sentence's end, or 20 s on."""
    texts = spoken.extra.get("text")
    if texts is None:
        return []
    joined: list[tuple[float, float, str]] = []
    for (start, end), text in zip(spoken.span.tolist(), texts.tolist(), strict=True):
        word = text.strip()
        if not word:
            continue
        first, last, before = joined[-1] if joined else (start, start, ".")
        if start - last < _PAUSE and end - first < _LONGEST and not before.endswith(_ENDS):
            joined[-1] = (first, end, f"{before} {word}")
        else:
            joined.append((start, end, word))
    return joined


def mood_at(mood: Timeline, start: float, end: float) -> str:
    """Return the label that the rows overlapping a phrase give most score to."""
    overlap = np.minimum(mood.span[:, 1], end) - np.maximum(mood.span[:, 0], start)
    weight = np.clip(overlap, 0, None)
    if not weight.any():
        return ""
    return mood.scheme.labels[int(np.argmax(weight @ mood.scores))]
