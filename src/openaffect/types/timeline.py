"""The one result type: scores over time, text or a set of items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import InvalidValueError
from .need import need
from .scheme import Kind, Scheme

FORMAT = "openaffect.timeline/1"
_TOLERANCE = 1e-3
_PLAIN = "fiubO"
"""Kinds of arrays that have a JSON form: numbers, flags and (as objects) text."""


class Unit(StrEnum):
    """What the numbers in ``span`` count."""

    SECONDS = "s"
    CHARACTERS = "char"
    WHOLE = "whole"
    """Each row speaks of one whole input; its span is (0, 0)."""


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    copy = np.array(array, copy=True)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """N rows of K scores, each with a span.

    Fields
    ------
    scheme: what the K columns mean.
    scores: (N, K) float32. NaN only in dimensions and intensities, where it means "not measured".
    span: (N, 2) float64, start and end of each row in ``unit``; start <= end.
    unit: seconds, characters, or whole.
    extra: arrays of length N along the first axis: ``box`` (N, 4) pixels x0, y0, x1, y1;
        ``subject`` (N,) int, -1 unknown; ``quality`` (N,) in [0, 1]; ``abstain`` (N,) bool;
        ``text`` (N,) str; and what else a recogniser has to say.
    coverage: (M, 2) float64, the stretches that were looked at, so that "nobody there" differs
        from "not analysed".
    model: the name of the card that made it, empty when none did.

    No face, no voice, no words is N = 0. Arrays are copied in and read-only.
    """

    scheme: Scheme
    scores: NDArray[np.float32]
    span: NDArray[np.float64]
    unit: Unit = Unit.SECONDS
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    coverage: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    model: str = ""

    def __post_init__(self) -> None:
        scores = np.asarray(self.scores, dtype=np.float32)
        if scores.size == 0 and scores.ndim < 2:
            scores = scores.reshape(0, len(self.scheme))
        if scores.ndim != 2 or scores.shape[1] != len(self.scheme):
            raise InvalidValueError(
                f"scores have shape {scores.shape}; scheme {self.scheme.name!r} needs "
                f"(N, {len(self.scheme)}), one column a label"
            )
        count = scores.shape[0]
        object.__setattr__(self, "unit", _unit(self.unit))
        object.__setattr__(self, "scores", _frozen(scores))
        object.__setattr__(self, "span", _frozen(_spans(self.span, count, "span")))
        object.__setattr__(self, "coverage", _frozen(_spans(self.coverage, None, "coverage")))
        extra = {name: _extra(name, values, count) for name, values in self.extra.items()}
        object.__setattr__(self, "extra", MappingProxyType(extra))
        _check_range(self.scheme, scores)

    def __len__(self) -> int:
        return int(self.scores.shape[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return (Timeline.from_dict, (self.to_dict(),))

    def equals(self, other: object) -> bool:
        """Tell whether ``other`` holds the same scheme, rows, extras, coverage and model."""
        if not isinstance(other, Timeline):
            return False
        return (
            self.scheme == other.scheme
            and self.unit == other.unit
            and self.model == other.model
            and np.array_equal(self.scores, other.scores, equal_nan=True)
            and np.array_equal(self.span, other.span)
            and np.array_equal(self.coverage, other.coverage)
            and self.extra.keys() == other.extra.keys()
            and all(_same(self.extra[name], other.extra[name]) for name in self.extra)
        )

    def best(self) -> list[str]:
        """Return the label with the highest score of each row, empty where none was measured."""
        if not len(self):
            return []
        known = np.where(np.isnan(self.scores), -np.inf, self.scores)
        return [
            self.scheme.labels[column] if np.isfinite(row[column]) else ""
            for row, column in zip(known, known.argmax(axis=1), strict=True)
        ]

    def column(self, label: str) -> NDArray[np.float32]:
        """Return the (N,) scores of one label."""
        return self.scores[:, self.scheme.index(label)]

    def select(self, rows: ArrayLike) -> Timeline:
        """Return the rows picked by a boolean mask or by indices, coverage unchanged."""
        picked = np.asarray(rows)
        if picked.size == 0:
            picked = picked.astype(int)
        return Timeline(
            scheme=self.scheme,
            scores=self.scores[picked],
            span=self.span[picked],
            unit=self.unit,
            extra={name: values[picked] for name, values in self.extra.items()},
            coverage=self.coverage,
            model=self.model,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the versioned JSON form; a NaN becomes ``None``."""
        return {
            "format": FORMAT,
            "scheme": self.scheme.to_dict(),
            "unit": str(self.unit),
            "model": self.model,
            "span": self.span.tolist(),
            "scores": _jsonable(self.scores),
            "extra": {
                name: {
                    "dtype": _dtype_name(values),
                    "shape": list(values.shape[1:]),
                    "values": _jsonable(values),
                }
                for name, values in self.extra.items()
            },
            "coverage": self.coverage.tolist(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Timeline:
        """Build a timeline from its JSON form.

        Raises :class:`InvalidValueError` for another format version, a missing key or a value that
        does not fit.
        """
        if not isinstance(data, Mapping):
            raise InvalidValueError(f"timeline is a {type(data).__name__}; expected an object")
        if data.get("format") != FORMAT:
            raise InvalidValueError(
                f"timeline format is {data.get('format')!r}; this version reads {FORMAT!r}"
            )
        try:
            scheme = Scheme.from_dict(data["scheme"])
            scores = _from_json(data["scores"], "float32").reshape(-1, len(scheme))
            return cls(
                scheme=scheme,
                scores=scores,
                span=np.asarray(data["span"], dtype=np.float64).reshape(-1, 2),
                unit=data["unit"],
                extra={
                    name: _extra_from_json(item, len(scores))
                    for name, item in data["extra"].items()
                },
                coverage=np.asarray(data["coverage"], dtype=np.float64).reshape(-1, 2),
                model=data["model"],
            )
        except InvalidValueError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InvalidValueError(
                f"timeline: key or value missing or of a wrong type: {error}"
            ) from error

    def to_frame(self, *, file: str = "") -> Any:
        """Return a pandas table: file, start, end, subject, label, then one column a label."""
        pandas: ModuleType = need("pandas", extra="tables")
        return pandas.DataFrame(self.rows(file=file), columns=self.row_names())

    def row_names(self) -> list[str]:
        """Return the columns of :meth:`rows`."""
        return ["file", "start", "end", "subject", "label", *self.scheme.labels]

    def rows(self, *, file: str = "") -> list[dict[str, Any]]:
        """Return one flat record a row, under the names of :meth:`row_names`.

        ``label`` is the best label, empty where ``abstain`` is set; ``subject`` is empty when
        unknown.
        """
        subjects = self.extra.get("subject")
        abstain = self.extra.get("abstain")
        records = []
        lines = zip(self.span, self.scores, self.best(), strict=True)
        for row, (span, scores, best) in enumerate(lines):
            withheld = abstain is not None and bool(abstain[row])
            records.append(
                {
                    "file": file,
                    "start": float(span[0]),
                    "end": float(span[1]),
                    "subject": _subject(subjects, row),
                    "label": "" if withheld or self.scheme.kind is Kind.DIMENSIONS else best,
                    **dict(zip(self.scheme.labels, (float(s) for s in scores), strict=True)),
                }
            )
        return records

    @classmethod
    def empty(
        cls,
        scheme: Scheme,
        *,
        unit: Unit = Unit.SECONDS,
        coverage: ArrayLike = (),
        model: str = "",
    ) -> Timeline:
        """Return a timeline of no rows: looked at ``coverage``, found nobody."""
        return cls(
            scheme=scheme,
            scores=np.zeros((0, len(scheme)), np.float32),
            span=np.zeros((0, 2)),
            unit=unit,
            coverage=np.asarray(coverage, dtype=np.float64).reshape(-1, 2),
            model=model,
        )


def concatenate(parts: Sequence[Timeline]) -> Timeline:
    """Join timelines of one scheme, unit and model, in order; extras must agree by name.

    Raises :class:`InvalidValueError` when there is none or when two do not match.
    """
    if not parts:
        raise InvalidValueError("concatenate needs at least one timeline; got none")
    first = parts[0]
    filled = [part for part in parts if len(part)] or [first]
    for part in parts:
        if part.scheme != first.scheme or part.unit != first.unit or part.model != first.model:
            raise InvalidValueError(
                f"cannot join {part.scheme.name}/{part.unit}/{part.model} to "
                f"{first.scheme.name}/{first.unit}/{first.model}: scheme, unit and model must agree"
            )
    names = filled[0].extra.keys()
    for part in filled:
        if part.extra.keys() != names:
            raise InvalidValueError(
                f"cannot join timelines with extras {sorted(part.extra)} and {sorted(names)}"
            )
    return Timeline(
        scheme=first.scheme,
        scores=np.concatenate([part.scores for part in filled]),
        span=np.concatenate([part.span for part in filled]),
        unit=first.unit,
        extra={name: np.concatenate([part.extra[name] for part in filled]) for name in names},
        coverage=np.concatenate([part.coverage for part in parts]),
        model=first.model,
    )


def _unit(value: Any) -> Unit:
    try:
        return Unit(value)
    except ValueError:
        raise InvalidValueError(
            f"unit {value!r} is none of {[str(unit) for unit in Unit]}"
        ) from None


def _spans(values: Any, count: int | None, name: str) -> NDArray[np.float64]:
    spans = np.asarray(values, dtype=np.float64)
    if spans.size == 0:
        spans = spans.reshape(0, 2)
    if spans.ndim != 2 or spans.shape[1] != 2 or (count is not None and len(spans) != count):
        rows = "M" if count is None else count
        raise InvalidValueError(f"{name} has shape {spans.shape}; expected ({rows}, 2)")
    if not np.isfinite(spans).all():
        raise InvalidValueError(f"{name} holds a NaN or infinity; give finite starts and ends")
    if (spans[:, 0] > spans[:, 1]).any():
        row = int(np.argmax(spans[:, 0] > spans[:, 1]))
        raise InvalidValueError(f"{name} row {row} ends before it starts: {spans[row].tolist()}")
    return spans


def _extra(name: str, values: Any, count: int) -> NDArray[Any]:
    array = np.asarray(values)
    if array.dtype.kind == "U":
        array = array.astype(object)
    if array.ndim == 0 or array.shape[0] != count:
        raise InvalidValueError(
            f"extra {name!r} has shape {array.shape}; its first axis must be {count}, one a row"
        )
    if array.dtype == object and not all(isinstance(item, str) for item in array.flat):
        raise InvalidValueError(f"extra {name!r} holds objects; only numbers, flags and text may")
    if array.dtype.kind not in _PLAIN:
        raise InvalidValueError(
            f"extra {name!r} is of type {array.dtype}; only numbers, flags and text may be kept"
        )
    return _frozen(array)


def _check_range(scheme: Scheme, scores: NDArray[np.float32]) -> None:
    measured = scores[~np.isnan(scores)]
    if measured.size != scores.size and scheme.kind in (Kind.CATEGORIES, Kind.MULTILABEL):
        raise InvalidValueError(
            f"scores of {scheme.name!r} hold NaN; a row that cannot be scored is left out or "
            "marked in extra['abstain']"
        )
    for bound, wrong in ((scheme.low, np.less), (scheme.high, np.greater)):
        slack = -_TOLERANCE if bound == scheme.low else _TOLERANCE
        if bound is not None and wrong(measured, bound + slack).any():
            raise InvalidValueError(
                f"scores of {scheme.name!r} range from {measured.min():.4g} to "
                f"{measured.max():.4g}; allowed is [{scheme.low}, {scheme.high}]"
            )
    if np.isinf(measured).any():
        raise InvalidValueError(f"scores of {scheme.name!r} hold infinity; give finite numbers")
    if scheme.kind is Kind.CATEGORIES and len(scores):
        sums = scores.sum(axis=1, dtype=np.float64)
        worst = int(np.argmax(np.abs(sums - 1)))
        if abs(sums[worst] - 1) > 10 * _TOLERANCE:
            raise InvalidValueError(
                f"row {worst} of {scheme.name!r} sums to {sums[worst]:.4f}; categories are a "
                "distribution and sum to 1"
            )


def _same(left: NDArray[Any], right: NDArray[Any]) -> bool:
    numeric = left.dtype.kind == "f" and right.dtype.kind == "f"
    return left.dtype == right.dtype and np.array_equal(left, right, equal_nan=numeric)


def _subject(subjects: NDArray[Any] | None, row: int) -> Any:
    if subjects is None:
        return ""
    value = subjects[row].item() if hasattr(subjects[row], "item") else subjects[row]
    return "" if value == -1 else value


def _dtype_name(values: NDArray[Any]) -> str:
    return "str" if values.dtype == object else str(values.dtype)


def _jsonable(values: NDArray[Any]) -> list[Any]:
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return list(values.tolist())
    holes = values.astype(object)
    holes[~np.isfinite(values)] = None
    return list(holes.tolist())


def _from_json(values: Any, dtype: str) -> NDArray[Any]:
    if dtype == "str":
        return np.asarray(values, dtype=object)
    if np.dtype(dtype).kind not in "fiub":
        raise InvalidValueError(f"extra of dtype {dtype!r} is not a number, flag or text")
    if np.dtype(dtype).kind == "f":
        return np.asarray(values, dtype=np.float64).astype(dtype)
    return np.asarray(values, dtype=dtype)


def _extra_from_json(item: Mapping[str, Any], count: int) -> NDArray[Any]:
    array = _from_json(item["values"], item["dtype"])
    return array if array.size else array.reshape(count, *item.get("shape", ()))
