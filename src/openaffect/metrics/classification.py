"""Measures of classification.

Labels are integer columns of a scheme; multilabel truth and decisions are (N, K) 0/1 arrays.
Definitions follow M. Sokolova, G. Lapalme, "A systematic analysis of performance measures for
classification tasks", Information Processing and Management 45(4), 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..types import InvalidValueError


def _pair(truth: ArrayLike, predicted: ArrayLike, dimensions: int) -> tuple[NDArray, NDArray]:
    left, right = np.asarray(truth), np.asarray(predicted)
    if left.shape != right.shape or left.ndim != dimensions:
        raise InvalidValueError(
            f"truth has shape {left.shape}, prediction {right.shape}; both must be "
            f"{dimensions}-dimensional and equal"
        )
    if len(left) == 0:
        raise InvalidValueError("no items: the measure is undefined on nothing; give at least one")
    return left, right


def accuracy(truth: ArrayLike, predicted: ArrayLike) -> float:
    """Share of items whose label is right, in [0, 1], higher is better.

    >>> accuracy([0, 1, 1, 2], [0, 1, 2, 2])
    0.75
    """
    left, right = _pair(truth, predicted, 1)
    return float(np.mean(left == right))


def confusion_matrix(truth: ArrayLike, predicted: ArrayLike, *, classes: int) -> NDArray[np.int64]:
    """Counts (K, K): row the truth, column the prediction.

    >>> confusion_matrix([0, 1, 1], [0, 1, 0], classes=2).tolist()
    [[1, 0], [1, 1]]
    """
    left, right = _pair(truth, predicted, 1)
    for name, values in (("truth", left), ("prediction", right)):
        if values.min() < 0 or values.max() >= classes:
            raise InvalidValueError(
                f"{name} holds labels from {values.min()} to {values.max()}; with "
                f"classes={classes} they must lie in [0, {classes - 1}]"
            )
    flat = np.bincount(left.astype(int) * classes + right.astype(int), minlength=classes**2)
    return flat.reshape(classes, classes)


def recall_per_class(
    truth: ArrayLike, predicted: ArrayLike, *, classes: int
) -> NDArray[np.float64]:
    """Recall of each class (K,), NaN for a class that the truth lacks."""
    matrix = confusion_matrix(truth, predicted, classes=classes)
    support = matrix.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(support > 0, np.diag(matrix) / np.maximum(support, 1), np.nan)


def unweighted_average_recall(truth: ArrayLike, predicted: ArrayLike, *, classes: int) -> float:
    """Mean recall over the classes that the truth holds, in [0, 1], higher is better.

    B. Schuller, S. Steidl, A. Batliner, "The INTERSPEECH 2009 Emotion Challenge", 2009.

    >>> unweighted_average_recall([0, 0, 0, 1], [0, 0, 0, 0], classes=2)
    0.5
    """
    return float(np.nanmean(recall_per_class(truth, predicted, classes=classes)))


def f1_per_label(truth: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """F1 = 2 TP / (2 TP + FP + FN) of each label (K,) of (N, K) 0/1 arrays; 0 where undefined."""
    left, right = _pair(truth, predicted, 2)
    left, right = left.astype(bool), right.astype(bool)
    hit = (left & right).sum(axis=0)
    total = left.sum(axis=0) + right.sum(axis=0)
    return np.where(total > 0, 2 * hit / np.maximum(total, 1), 0.0)


def macro_f1(truth: ArrayLike, predicted: ArrayLike) -> float:
    """Mean F1 over the labels of (N, K) 0/1 arrays, in [0, 1], higher is better.

    >>> macro_f1([[1, 0], [0, 1], [1, 1]], [[1, 0], [0, 0], [1, 1]])  # (1 + 2/3) / 2
    0.8333333333333333
    """
    return float(f1_per_label(truth, predicted).mean())
