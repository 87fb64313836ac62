"""What was measured of generated texts, as a page, JSON lines and a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openaffect.types import InvalidValueError, OutputError

from . import _facts
from .scoring import Figure
from .text_generation import Cell
from .text_generation_scores import Scored
from .text_generation_set import EMOTIONS
from .text_rewriting import Rewritten

PAGE, LINES, PICTURE = "text-generation.md", "text-generation.jsonl", "text-generation.png"


def write(
    rows: Sequence[Scored],
    examples: Sequence[Cell],
    folder: str | Path,
    command: str,
    rewritten: Rewritten | None = None,
) -> tuple[Path, ...]:
    """Write page, JSON lines and picture into a folder.

    The first row is that of the way that was asked most; the second is the same way on what the
    others were asked.

    ``examples`` are cells of the first row that the page shows; ``rewritten`` is of the default.

    Raises :class:`InvalidValueError` without rows, :class:`OutputError` when they cannot be
    written, :class:`MissingDependencyError` without matplotlib (extra ``report``).
    """
    from openaffect.report.steering_curves import steering_curves_picture

    if not rows:
        raise InvalidValueError("no way of steering was measured; there is nothing to write")
    place = Path(folder)
    paths = place / PAGE, place / LINES, place / PICTURE
    try:
        place.mkdir(parents=True, exist_ok=True)
        page = markdown(rows, examples, command, rewritten)
        paths[0].write_text(page, encoding="utf-8")
        lines = (json.dumps(_json(row), ensure_ascii=False) + "\n" for row in rows)
        paths[1].write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{paths[0]} cannot be written: {error}") from error
    curves = {row.way: (row.judgements[0].curve, row.perplexity) for row in rows}
    steering_curves_picture(rows[0].plan.intensities, curves, paths[2])
    return paths


def markdown(
    rows: Sequence[Scored],
    examples: Sequence[Cell],
    command: str,
    rewritten: Rewritten | None = None,
) -> str:
    """Return the page as Markdown."""
    machine = _facts.machine()
    versions = ", ".join(f"{name} {value}" for name, value in _facts.versions().items())
    lines = [
        "# Steered text",
        "",
        f"Printed by `{command}` on {_facts.today()}, {machine['processor']}, with {versions}. "
        f"Model: {rows[0].model}.",
        "",
        "A way of steering goes on from prompts without a mood; no text may hold a name of an "
        "emotion or its synonyms. *Hit*: share of texts at full intensity that a judge takes for "
        "the emotion asked for. The judges steer nothing: `situations` learnt from "
        "EmpatheticDialogues, `subtitles` from XED, both runs of letters and words under a "
        "logistic regression; each one's own recall on labelled text stands beside it. *Rising*: "
        "share of prompt and emotion pairs whose mean score over the seeds rises with every step, "
        "and behind it the share that would by chance if the knob had equal steps of that reach. "
        "*Perplexity* under the untouched model, *distinct-2* and *self-BLEU* (one text a prompt), "
        "at full intensity over unsteered. Intervals of 95 %: prompts drawn again. Memory is the "
        "most that the process had so far, earlier rows' ways with it.",
        "",
        *_ways(rows),
        "",
        f"![Score and perplexity by intensity]({PICTURE})",
        "",
        f"## {rows[0].way} against the bars",
        "",
        *_bars(rows[0].bars()),
        "",
        "Mean score of the emotion asked for, by intensity:",
        "",
        *_by_judge(
            [f"{step:g}" for step in rows[0].plan.intensities],
            {one.judge: [f"{value:.3f}" for value in one.curve] for one in rows[0].judgements},
        ),
        "",
        "Hit by emotion:",
        "",
        *_by_judge(
            EMOTIONS,
            {
                one.judge: [f"{one.by_emotion[name]:.2f}" for name in EMOTIONS]
                for one in rows[0].judgements
            },
        ),
        "",
        "## Some of its texts",
        "",
        "The first seed's, not chosen.",
        "",
        *(_example(cell) for cell in examples),
        "",
        *([] if rewritten is None else _rewriting(rewritten)),
    ]
    return "\n".join(lines)


def _by_judge(heads: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"| judge | {' | '.join(heads)} |",
        f"|---|{'---|' * len(heads)}",
        *(f"| {judge} | {' | '.join(cells)} |" for judge, cells in values.items()),
    ]


def _bars(bars: Mapping[str, tuple[float, float, bool]]) -> list[str]:
    return [
        "| | value | bar | |",
        "|---|---|---|---|",
        *(
            f"| {name} | {value:.3g} | {bar:.3g} | {'met' if kept else 'not met'} |"
            for name, (value, bar, kept) in bars.items()
        ),
    ]


def _rewriting(found: Rewritten) -> list[str]:
    shown = ", ".join(
        f"{judge} {_shown(found.hits[judge])} (the sentences as they were {value:.3f})"
        for judge, value in found.source.items()
    )
    return [
        "## Rewriting",
        "",
        f"{len(found.texts) // len(EMOTIONS)} plain sentences, each with six emotions, at full "
        f"intensity. Hit: {shown}. Similarity {_shown(found.similarity)}, one in twenty below "
        f"{found.lowest:.2f}, by the sentence encoder that also chooses; {found.changed:.0%} of "
        "the texts differ from their source. *Unnamed*: a text that names the emotion or a synonym "
        "counts as no hit.",
        "",
        *_bars(found.bars()),
        "",
        *(f"- *{emotion}*: {old} → **{text}**" for old, emotion, text in found.texts[:12]),
        "",
    ]


def _ways(rows: Sequence[Scored]) -> list[str]:
    judges = [one.judge for one in rows[0].judgements]
    head = [
        "way", "prompts x seeds",
        *(f"hit, {name}" for name in judges), *(f"unsteered, {name}" for name in judges),
        *(f"rising, {name}" for name in judges),
        "perplexity", "distinct-2", "self-BLEU", "words", "tokens/s", "first token", "memory",
    ]  # fmt: skip
    recall = ", ".join(f"{one.judge} {one.recall:.3f}" for one in rows[0].judgements)
    return [
        f"The judges' own recall on labelled text: {recall}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
    ]


def _cells(row: Scored) -> list[str]:
    speed = row.speed
    timed = (
        ("–", "–", "–")
        if speed is None
        else (
            f"{speed.tokens_per_second:.1f}",
            f"{speed.first_token:.2f} s",
            f"{speed.memory / 1e9:.2f} GB",
        )
    )
    return [
        row.way,
        f"{len(row.plan.prompts)} x {row.plan.seeds}",
        *(_shown(one.hit) for one in row.judgements),
        *(_shown(one.unsteered) for one in row.judgements),
        *(f"{one.rising:.2f} of {one.even:.2f}" for one in row.judgements),
        f"{row.perplexity[-1] / row.perplexity[0]:.2f}",
        f"{row.distinct_2:.2f}",
        f"{row.self_bleu:.2f}",
        f"{row.words[0]:.0f} → {row.words[1]:.0f}",
        *timed,
    ]


def _example(cell: Cell) -> str:
    text = " ".join(cell.texts[0].split())
    return f"- *{cell.emotion or 'unsteered'}*, {cell.intensity:g}: **{cell.prompt}** {text}"


def _shown(found: Figure) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _json(row: Scored) -> dict[str, Any]:
    return {
        **asdict(row),
        "bars": {
            name: {"value": value, "bar": bar, "met": kept}
            for name, (value, bar, kept) in row.bars().items()
        },
    }
