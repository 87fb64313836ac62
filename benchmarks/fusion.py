"""Measure what joining face, voice and words gives, on made pairings of held-out items.

    python benchmarks/fusion.py --out benchmarks/results/fusion.md

**Simulated**: a face, a voice and a sentence of different people are put together because their
labels agree (or, for conflicts, because they do not). ``_streams.py`` beside this file says where
each comes from; no model learnt from an item that it is asked about. Within an emotion every item
is used once at most, so the scarcest stream bounds the number. The trust of the streams and how far
they count as evidence of their own are fitted on one half of the items and speakers and judged on
the other, and the other way round ("fitted"); "as shipped" has the constants of the package, which
are rounded from what fits everything and are therefore no fair test of themselves.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import _machine
import numpy as np
from _streams import collect
from _table import publish
from numpy.typing import NDArray

STREAMS = ("face", "voice", "text")
SUBSETS = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
TIMES = (0.5, 0.7, 1.0, 1.4, 2.0)
POWERS = (0.0, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0)
SHARES = tuple(round(0.1 * step, 1) for step in range(11))
FIELDS = ("truth", "votes", "quality", "known", "groups")
LENGTHS = ((1, 2), (3, 3), (4, 6), (7, 12), (13, 99))
RESAMPLES = 1000
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Pairings:
    """N made triples: truth (N,), votes (N, 3, 8), quality (N, 3), known (N, 3, 8), groups (N,)."""

    truth: NDArray[np.int64]
    votes: NDArray[np.float64]
    quality: NDArray[np.float64]
    known: NDArray[np.bool_]
    groups: NDArray[Any]

    def __len__(self) -> int:
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class Rule:
    """trust and heed (3,) of the streams; shared: see ``pipeline/fusion.py``."""

    trust: tuple[float, ...] = (1.0, 1.0, 1.0)
    heed: tuple[float, ...] = (1.0, 1.0, 1.0)
    shared: float = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=Path, help="folder that keeps the streams' answers")
    parser.add_argument("--seed", type=int, default=0, help="of the pairings and the resampling")
    parser.add_argument("--out", type=Path, help="write the table there as well")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openaffect-fusion-") as scratch:
        streams = collect(args.streams or Path(scratch))
    table = "\n".join(_document(streams, args.seed)) + "\n"
    publish(table, args.out)
    return 0


def halves(streams: dict[str, Any], seed: int) -> list[dict[str, NDArray[np.int64]]]:
    """Return two sets of rows a stream; a speaker is in one of them."""
    draw = np.random.default_rng(seed)
    found: list[dict[str, NDArray[np.int64]]] = [{}, {}]
    for name, stream in streams.items():
        groups = np.unique(stream["group"])
        first = draw.permutation(groups)[: len(groups) // 2]
        inside = np.isin(stream["group"], first)
        found[0][name], found[1][name] = np.flatnonzero(inside), np.flatnonzero(~inside)
    return found


def paired(
    streams: dict[str, Any],
    rows: dict[str, NDArray[np.int64]],
    seed: int,
    *,
    worse: frozenset[str] = frozenset(),
) -> Pairings:
    """Put the rows together by label; ``worse`` names the streams that are degraded."""
    draw = np.random.default_rng(seed)
    by_label: dict[str, dict[int, NDArray[np.int64]]] = {}
    for name in STREAMS:
        truth = streams[name]["truth"][rows[name]]
        by_label[name] = {k: draw.permutation(rows[name][truth == k]) for k in range(8)}
    chosen: list[tuple[int, int, int, int]] = []
    for k in range(8):
        count = min(len(by_label[name][k]) for name in STREAMS)
        chosen += [(k, *(int(by_label[name][k][i]) for name in STREAMS)) for i in range(count)]
    table = np.array(chosen)
    which = [
        ("worse", "worse_quality") if name in worse else ("clean", "quality") for name in STREAMS
    ]
    picked = [(streams[name], table[:, m + 1]) for m, name in enumerate(STREAMS)]
    return Pairings(
        table[:, 0],
        np.stack([s[w[0]][r] for (s, r), w in zip(picked, which, strict=True)], 1).astype(float),
        np.stack([s[w[1]][r] for (s, r), w in zip(picked, which, strict=True)], 1).astype(float),
        np.stack([s["known"][r] for s, r in picked], 1),
        streams["voice"]["group"][table[:, 2]],
    )


def fused(
    pairings: Pairings, subset: tuple[int, ...], rule: Rule, *, heeds_quality: bool
) -> NDArray[np.float64]:
    """Return (N, 8) distributions of the package's own pool."""
    from openaffect.pipeline.fusion import pool

    quality = pairings.quality if heeds_quality else np.ones_like(pairings.quality)
    chosen = list(subset)
    weights = np.zeros_like(quality)
    heeded = np.maximum(quality, 1e-6) ** np.asarray(rule.heed)
    weights[:, chosen] = np.asarray(rule.trust)[chosen] * heeded[:, chosen]
    weights /= weights.sum(axis=1, keepdims=True)
    found = np.zeros((len(pairings), 8))
    for known in np.unique(pairings.known.reshape(len(pairings), -1), axis=0):
        rows = (pairings.known.reshape(len(pairings), -1) == known).all(axis=1)
        found[rows] = pool(pairings.votes[rows], weights[rows], known.reshape(-1, 8), rule.shared)
    return found


def averaged(pairings: Pairings, subset: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the plain mean of the distributions."""
    return pairings.votes[:, list(subset)].mean(axis=1)


def loss(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the mean negative natural logarithm of the true label's probability."""
    return float(-np.log(np.maximum(scores[np.arange(len(truth)), truth], 1e-6)).mean())


def fitted(pairings: Pairings) -> Rule:
    """Return the rule of the grid with the lowest loss over pairs and triples, one part a time.

    Rows of frequent emotions are left out at random until none has more than the median one.
    """
    count = np.bincount(pairings.truth, minlength=8)
    draw = np.random.default_rng(0)
    most = int(np.median(count[count > 0]))
    rows = np.concatenate(
        [
            draw.permutation(np.flatnonzero(pairings.truth == k))[:most]
            for k in np.flatnonzero(count)
        ]
    )
    even = Pairings(*(getattr(pairings, name)[rows] for name in FIELDS))

    def total(rule: Rule) -> float:
        return sum(
            loss(fused(even, subset, rule, heeds_quality=True), even.truth)
            for subset in SUBSETS[3:]
        )

    best = Rule()
    for _ in range(2):
        best = min((replace(best, shared=each) for each in SHARES), key=total)
        for place in (0, 1):
            best = min(
                (replace(best, heed=_with(best.heed, place, each)) for each in POWERS), key=total
            )
        for place in (1, 2):
            best = min(
                (replace(best, trust=_with(best.trust, place, each)) for each in TIMES), key=total
            )
    return best


def _with(values: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*values[:place], value, *values[place + 1 :])


def both(*sets: Pairings) -> Pairings:
    """Return the rows of several sets."""
    return Pairings(*(np.concatenate([getattr(each, name) for each in sets]) for name in FIELDS))


def mixed(streams: dict[str, Any], rows: dict[str, NDArray[np.int64]], seed: int) -> Pairings:
    """Return what is fitted on: pairings as they are, with poor faces, and with noisy voices."""
    worse: tuple[frozenset[str], ...] = (frozenset(), frozenset({"face"}), frozenset({"voice"}))
    return both(*(paired(streams, rows, seed, worse=each) for each in worse))


Answer = Callable[[Pairings, Rule], NDArray[np.float64]]


def answers() -> dict[str, Answer]:
    """Return what is compared, by name."""
    found: dict[str, Answer] = {}
    for subset in SUBSETS:
        name = ", ".join(STREAMS[m] for m in subset)
        if len(subset) == 1:
            found[name] = _weighted(subset)
        else:
            found[f"{name}: mean"] = lambda p, _, subset=subset: averaged(p, subset)
            for title, shared in (("logarithmic pool", 0.0), ("product of experts", 1.0)):
                found[f"{name}: {title}"] = lambda p, _, subset=subset, shared=shared: fused(
                    p, subset, Rule(shared=shared), heeds_quality=False
                )
            found[f"{name}: fitted"] = _weighted(subset)
            found[f"{name}: as shipped"] = lambda p, _, subset=subset: fused(
                p, subset, shipped(), heeds_quality=True
            )
    return found


def shipped() -> Rule:
    """Return the package's own rule."""
    from openaffect.pipeline.fusion import HEED, SHARED, TRUST

    names = ("face", "speech", "text")
    return Rule(tuple(TRUST[n] for n in names), tuple(HEED[n] for n in names), SHARED)


def _weighted(subset: tuple[int, ...]) -> Answer:
    return lambda pairings, rule: fused(pairings, subset, rule, heeds_quality=True)


def _document(streams: dict[str, Any], seed: int) -> Iterator[str]:
    parts = halves(streams, seed)
    sets = [paired(streams, rows, seed) for rows in parts]
    mixtures = [mixed(streams, rows, seed) for rows in parts]
    rules = [fitted(mixtures[1]), fitted(mixtures[0])]
    everything = fitted(both(*mixtures))
    yield "# Fusion, on simulated pairings"
    yield ""
    yield "| machine | |"
    yield "|---|---|"
    for name, value in _machine.facts():
        if name not in ("Threads", "Load before"):
            yield f"| {name} | {value} |"
    yield ""
    counts = np.bincount(both(*sets).truth, minlength=8)
    from openaffect.types import scheme

    named = [
        f"{label} {count}"
        for label, count in zip(scheme("primary8").labels, counts, strict=True)
        if count
    ]
    yield f"{counts.sum()} triples: {', '.join(named)}."
    yield ""
    yield "| fitted on | trust of face, voice, text | heed | shared |"
    yield "|---|---|---|--:|"
    told = {"everything": everything, "the second half": rules[0], "the first half": rules[1]}
    for name, rule in {**told, "(shipped)": shipped()}.items():
        trust, heed = (", ".join(f"{v:g}" for v in each) for each in (rule.trust, rule.heed))
        yield f"| {name} | {trust} | {heed} | {rule.shared:g} |"
    yield ""
    yield from _accuracy(sets, rules, seed)
    yield from _degraded(streams, parts, rules, seed)
    yield from _by_length(streams["text"])
    yield from _conflicts(streams, parts, seed)


def _scores(sets: list[Pairings], rules: list[Rule], answer: Answer) -> NDArray[np.float64]:
    return np.concatenate([answer(part, rule) for part, rule in zip(sets, rules, strict=True)])


def _accuracy(sets: list[Pairings], rules: list[Rule], seed: int) -> Iterator[str]:
    from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap
    from openaffect.metrics.calibration import expected_calibration_error
    from openaffect.metrics.classification import unweighted_average_recall

    whole = both(*sets)
    truth = whole.truth
    labels, columns = np.unique(truth, return_inverse=True)
    found = {name: _scores(sets, rules, answer) for name, answer in answers().items()}

    def recall(scores: NDArray[Any]) -> Callable[[NDArray[np.int64]], float]:
        said = labels[scores[:, labels].argmax(axis=1)]
        told = np.searchsorted(labels, said)
        return lambda rows: unweighted_average_recall(
            columns[rows], told[rows], classes=len(labels)
        )

    last = found["face, voice, text: as shipped"]
    yield (
        "| streams | accuracy | average recall [95 %] | loss | calibration error "
        "| all three less it |"
    )
    yield "|---|--:|--:|--:|--:|--:|"
    for name, scores in found.items():
        interval = bootstrap_interval(
            recall(scores), len(truth), groups=whole.groups, resamples=RESAMPLES, seed=seed
        )
        gain = paired_bootstrap(
            recall(last), recall(scores), len(truth), groups=whole.groups, resamples=RESAMPLES
        )
        hit = float((labels[scores[:, labels].argmax(axis=1)] == truth).mean())
        yield (
            f"| {name} | {hit:.3f} | {interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
            f" | {loss(scores, truth):.3f} | {expected_calibration_error(scores, truth):.3f} | "
            + ("" if scores is last else f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")
            + " |"
        )
    yield ""
    yield (
        "Loss: mean negative log probability of the label. Calibration error: top label, 15 bins "
        "of equal mass. Intervals: bootstrap over the voices' speakers."
    )
    yield ""


def _degraded(
    streams: dict[str, Any],
    parts: list[dict[str, NDArray[np.int64]]],
    rules: list[Rule],
    seed: int,
) -> Iterator[str]:
    from openaffect.metrics.bootstrap import paired_bootstrap

    yield "## One stream made worse"
    yield ""
    yield (
        "| worse | quality | alone | without heed | weighted by quality | difference [95 %] "
        "| loss |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|"
    titles = {"face": "faces of 20 pixels", "voice": "voices in noise, 0 dB", "text": "three words"}
    for m, name in enumerate(STREAMS):
        sets = [paired(streams, rows, seed, worse=frozenset({name})) for rows in parts]
        whole = both(*sets)

        blind = _scores(
            sets, rules, lambda p, _: fused(p, (0, 1, 2), shipped(), heeds_quality=False)
        )
        heeding = _scores(
            sets, rules, lambda p, _: fused(p, (0, 1, 2), shipped(), heeds_quality=True)
        )
        alone = _rate(whole.votes[:, m], whole.truth)(np.arange(len(whole)))
        gain = paired_bootstrap(
            _rate(heeding, whole.truth),
            _rate(blind, whole.truth),
            len(whole),
            groups=whole.groups,
            resamples=RESAMPLES,
        )
        every = np.arange(len(whole))
        yield (
            f"| {titles[name]} | {np.median(whole.quality[:, m]):.2f} | {alone:.3f} "
            f"| {_rate(blind, whole.truth)(every):.3f} | {_rate(heeding, whole.truth)(every):.3f} "
            f"| {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}] "
            f"| {loss(blind, whole.truth):.3f}, {loss(heeding, whole.truth):.3f} |"
        )
    yield ""
    yield (
        "Accuracy of all three streams, that one made worse in every triple. Quality: its median. "
        "Without heed: every quality taken for 1."
    )
    yield ""


def _by_length(text: dict[str, NDArray[Any]]) -> Iterator[str]:
    yield "## Sentences by their length"
    yield ""
    yield "| words | sentences | accuracy |"
    yield "|---|--:|--:|"
    right = text["clean"].argmax(axis=1) == text["truth"]
    for low, high in LENGTHS:
        rows = (text["words"] >= low) & (text["words"] <= high)
        yield f"| {low} to {high} | {rows.sum()} | {right[rows].mean():.3f} |"
    yield ""


def _rate(
    scores: NDArray[np.float64], truth: NDArray[np.int64]
) -> Callable[[NDArray[np.int64]], float]:
    """Return the accuracy as a function of the rows."""
    right = scores.argmax(axis=1) == truth
    return lambda rows: float(right[rows].mean())


def _conflicts(
    streams: dict[str, Any], parts: list[dict[str, NDArray[np.int64]]], seed: int
) -> Iterator[str]:
    from sklearn.metrics import roc_auc_score

    from openaffect.pipeline.conflict import THRESHOLD, disagreement

    yield "## Conflicts"
    yield ""
    yield (
        f"Made: a threshold with {FALSE_ALARMS:.0%} false alarms on matched pairs of one half, "
        f"applied to the other. Shipped: {THRESHOLD:g}."
    )
    yield ""
    yield (
        "| streams | area under the curve | threshold | false alarms | hits "
        "| hits, opposite valence | shipped: false alarms | hits | hits, opposite valence |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    matched = [paired(streams, rows, seed) for rows in parts]
    shifted = [_apart(streams, rows, seed) for rows in parts]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        alarms, hits, opposed, limits, areas = [], [], [], [], []
        for part in (0, 1):
            calm, odd, against = (
                _intensity(which, first, second, disagreement)
                for which in (
                    (matched[part], None),
                    (shifted[part][0], None),
                    (shifted[part][0], _opposed(shifted[part][1], first, second)),
                )
            )
            other = _intensity((matched[1 - part], None), first, second, disagreement)
            limit = float(np.quantile(other, 1 - FALSE_ALARMS))
            limits.append(limit)
            alarms.append((calm, limit))
            hits.append((odd, limit))
            opposed.append((against, limit))
            areas.append(
                roc_auc_score(np.r_[np.zeros(len(calm)), np.ones(len(odd))], np.r_[calm, odd])
            )
        cells = [
            f"{np.concatenate([values >= limit for values, limit in each]).mean():.3f}"
            for each in (alarms, hits, opposed)
        ]
        shipped = [
            f"{np.concatenate([values >= THRESHOLD for values, _ in each]).mean():.3f}"
            for each in (alarms, hits, opposed)
        ]
        yield (
            f"| {STREAMS[first]}, {STREAMS[second]} | {np.mean(areas):.3f} "
            f"| {limits[0]:.2f} and {limits[1]:.2f} | {' | '.join(cells + shipped)} |"
        )
    yield ""
    yield "Mismatched pairs: two different emotions, neither of them neutral."


def _intensity(
    which: tuple[Pairings, NDArray[np.bool_] | None],
    first: int,
    second: int,
    disagreement: Callable[..., NDArray[np.float64]],
) -> NDArray[np.float64]:
    pairings, rows = which
    found = disagreement(pairings.votes[:, first], pairings.votes[:, second])
    found = found * np.minimum(pairings.quality[:, first], pairings.quality[:, second])
    return found if rows is None else found[rows]


def _apart(
    streams: dict[str, Any], rows: dict[str, NDArray[np.int64]], seed: int
) -> tuple[Pairings, NDArray[np.int64]]:
    """Return triples of three different emotions, none neutral, and their (N, 3) labels."""
    draw = np.random.default_rng(seed + 1)
    even = paired(streams, rows, seed)
    kept = np.flatnonzero(even.truth != 7)
    labels = even.truth[kept]
    orders = [np.arange(len(kept)), draw.permutation(len(kept)), draw.permutation(len(kept))]
    apart = (
        (labels[orders[0]] != labels[orders[1]])
        & (labels[orders[0]] != labels[orders[2]])
        & (labels[orders[1]] != labels[orders[2]])
    )
    picks = [kept[order][apart] for order in orders]
    return (
        Pairings(
            labels[orders[0]][apart],
            np.stack([even.votes[rows, m] for m, rows in enumerate(picks)], axis=1),
            np.stack([even.quality[rows, m] for m, rows in enumerate(picks)], axis=1),
            np.stack([even.known[rows, m] for m, rows in enumerate(picks)], axis=1),
            even.groups[picks[1]],
        ),
        np.stack([labels[order][apart] for order in orders], axis=1),
    )


def _opposed(labels: NDArray[np.int64], first: int, second: int) -> NDArray[np.bool_]:
    """Tell where one of the two is happiness and the other unpleasant."""
    from openaffect.types import scheme

    happy = scheme("primary8").index("happiness")
    unpleasant = [
        scheme("primary8").index(name) for name in ("anger", "disgust", "fear", "sadness")
    ]
    one, two = labels[:, first], labels[:, second]
    return ((one == happy) & np.isin(two, unpleasant)) | ((two == happy) & np.isin(one, unpleasant))


if __name__ == "__main__":
    sys.exit(main())
