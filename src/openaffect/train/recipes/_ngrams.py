"""TF-IDF of hashed character runs under logistic regressions: fitted, judged in folds, exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.metrics.thresholds import best_f1_thresholds
from openaffect.preprocess._ngrams import BUCKETS, LONGEST, LONGEST_UNSPACED, hashed_ngrams, spaced

FOLDS = 5
INNER = 3
STRENGTH = 5.0
Labels = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Linear:
    """Inverse document frequency (B,), weight (B, K) and bias (K,)."""

    idf: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


def longest_run(texts: Sequence[str]) -> int:
    """Characters of the longest run: fewer where a script sets no spaces."""
    return LONGEST if np.mean([spaced(text) for text in texts]) >= 0.5 else LONGEST_UNSPACED


def counted(texts: Sequence[str], longest: int) -> Any:
    """(N, B) sparse 1 + ln(count) of each run."""
    from scipy import sparse

    rows = [hashed_ngrams(text, longest=longest) for text in texts]
    edges = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([row[0] for row in rows])
    weights = np.concatenate([row[1] for row in rows])
    return sparse.csr_matrix((weights, places, edges), shape=(len(texts), BUCKETS))


def features(table: Any, idf: NDArray[Any]) -> Any:
    """Weigh by ``idf`` and scale rows to length 1."""
    from sklearn.preprocessing import normalize

    return normalize(table.multiply(idf).tocsr())


def fit(table: Any, labels: Labels) -> Linear:
    """Fit one balanced logistic regression a label; runs of a single text are left out."""
    frequency = np.bincount(table.indices, minlength=table.shape[1])
    idf = np.log((1 + table.shape[0]) / (1 + frequency)) + 1
    idf = np.where(frequency >= 2, idf, 0).astype(np.float32)
    return Linear(idf, *regressions(features(table, idf), labels))


def regressions(matrix: Any, labels: Labels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(F, K) weights and (K,) biases of one balanced logistic regression a label."""
    from sklearn.linear_model import LogisticRegression

    weight = np.zeros((matrix.shape[1], labels.shape[1]), np.float32)
    bias = np.full(labels.shape[1], -9.0, np.float32)
    for column in range(labels.shape[1]):
        if np.ptp(labels[:, column]):
            model = LogisticRegression(
                C=STRENGTH, class_weight="balanced", solver="liblinear", dual=True, max_iter=300
            )
            model.fit(matrix, labels[:, column])
            weight[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weight, bias


def logits(model: Linear, table: Any) -> NDArray[np.float64]:
    """(N, K) logits."""
    return np.asarray(features(table, model.idf) @ model.weight + model.bias, np.float64)


def words(texts: Sequence[str], others: Sequence[str], longest: int) -> tuple[Any, Any]:
    """TF-IDF of words and pairs (without spaces of 1 to 3 characters): the baseline's."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    by_words = longest == LONGEST
    counter = TfidfVectorizer(
        analyzer="word" if by_words else "char",
        ngram_range=(1, 2) if by_words else (1, 3),
        min_df=2,
        sublinear_tf=True,
    )
    return counter.fit_transform(texts), counter.transform(others)


def judged(texts: Sequence[str], labels: Labels) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Decisions (N, K) on every row by models that never saw it: ours, and the baseline's.

    Five folds drawn with seed 0; a text that repeats is never learnt in the fold that judges it.
    Each fold's thresholds are those of best F1 on its training rows, answered in three inner folds:
    the same for both.
    """
    items = np.array(texts, dtype=object)
    folded = np.array([" ".join(text.casefold().split()) for text in texts]).astype(str)
    longest = longest_run(texts)
    table = counted(texts, longest)
    ours, theirs = np.zeros(labels.shape, bool), np.zeros(labels.shape, bool)
    order = np.random.default_rng(0).permutation(len(texts))
    for test in np.array_split(order, FOLDS):
        train = np.setdiff1d(order, test)
        train = train[~np.isin(folded[train], folded[test])]
        mine, limit = _nested(table, items, labels, train, test, longest, runs=True)
        other, bound = _nested(table, items, labels, train, test, longest, runs=False)
        ours[test], theirs[test] = mine >= limit, other >= bound
    return ours, theirs


def _nested(
    table: Any,
    items: NDArray[Any],
    labels: Labels,
    train: NDArray[Any],
    test: NDArray[Any],
    longest: int,
    *,
    runs: bool,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Scores of the test rows, and the thresholds from inner folds of the training rows."""

    def answers(learnt: NDArray[Any], asked: NDArray[Any]) -> NDArray[Any]:
        if runs:
            return logits(fit(table[learnt], labels[learnt]), table[asked])
        seen, unseen = words(list(items[learnt]), list(items[asked]), longest)
        weight, bias = regressions(seen, labels[learnt])
        return np.asarray(unseen @ weight + bias, np.float64)

    part = np.random.default_rng(1).permutation(len(train)) % INNER
    inner = np.zeros((len(train), labels.shape[1]))
    for number in range(INNER):
        inner[part == number] = answers(train[part != number], train[part == number])
    return answers(train, test), best_f1_thresholds(inner, labels[train])


def export(model: Linear, slopes: NDArray[Any], path: Path) -> Path:
    """Write the model as ONNX, weights in int8 by label; ``slopes`` (K, 2) calibrate its logits."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weight = model.weight * slopes[:, 0]
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-9) / 127
    constants = {
        "idf": model.idf.astype(np.float16),
        "table": np.round(weight / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": (model.bias * slopes[:, 0] + slopes[:, 1]).astype(np.float32),
        "least": np.float32(1e-12),
        "last": np.array([1], np.int64),
        "deep": np.array([2], np.int64),
    }
    node = helper.make_node
    single: dict[str, Any] = {"to": TensorProto.FLOAT}
    graph = helper.make_graph(
        [
            node("Gather", ["idf", "places"], ["rarity16"]),
            node("Cast", ["rarity16"], ["rarity"], **single),
            node("Mul", ["weights", "rarity"], ["weighed"]),
            node("ReduceL2", ["weighed", "last"], ["length"], keepdims=1),
            node("Max", ["length", "least"], ["positive"]),
            node("Div", ["weighed", "positive"], ["unit"]),
            node("Unsqueeze", ["unit", "deep"], ["column"]),
            node("Gather", ["table", "places"], ["rows8"]),
            node("Cast", ["rows8"], ["rows"], **single),
            node("Mul", ["rows", "column"], ["parts"]),
            node("ReduceSum", ["parts", "last"], ["sums"], keepdims=0),
            node("Mul", ["sums", "scale"], ["scaled"]),
            node("Add", ["scaled", "bias"], ["logits"]),
            node("Sigmoid", ["logits"], ["scores"]),
        ],
        "ngrams",
        [
            helper.make_tensor_value_info("places", TensorProto.INT64, ["n", "m"]),
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["n", "m"]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", len(scale)])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(made)
    onnx.save(made, str(path))
    return path
