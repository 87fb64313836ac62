"""Fitted scikit-learn objects as the arrays that the classical recognisers read, without pickle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openaffect.recognize._classical import read_arrays

Arrays = dict[str, NDArray[Any]]
_CERTAIN = 20.0
"""Log-odds of what is always so."""


def axes_of(scaler: Any, components: Any) -> Arrays:
    """Return ``mean`` (D,) and ``axes`` (D, P) of a StandardScaler followed by a PCA."""
    axes = (components.components_ / scaler.scale_).T
    return {"mean": scaler.mean_ + components.mean_ * scaler.scale_, "axes": axes}


def machine_arrays(scaler: Any, components: Any, sampler: Any, machine: Any) -> Arrays:
    """Return a linear machine on an RBFSampler's features of principal components."""
    return {
        **axes_of(scaler, components),
        "frequencies": sampler.random_weights_,
        "phases": sampler.random_offset_,
        "weight": machine.coef_.T,
        "offset": machine.intercept_,
    }


def tree_arrays(model: Any, *, smooth: float = 1.0) -> Arrays:
    """Return the nodes of a DecisionTreeClassifier; ``smooth`` rows a class join each leaf."""
    tree = model.tree_
    counts = tree.value[:, 0] * tree.weighted_n_node_samples[:, None]
    share = (counts + smooth * tree.value[0, 0]) / (counts.sum(axis=1, keepdims=True) + smooth)
    return {
        "left": tree.children_left.astype(np.int32),
        "right": tree.children_right.astype(np.int32),
        "feature": np.maximum(tree.feature, 0).astype(np.int16),
        "threshold": tree.threshold,
        "share": share.astype(np.float32),
    }


def kernel_arrays(scaler: Any, machines: Sequence[Any]) -> Arrays:
    """Return binary SVCs of one RBF kernel, one a label, on the union of their support vectors."""
    width = {machine.gamma for machine in machines}
    assert len(width) == 1, "the machines have different kernels"
    rows = np.concatenate([machine.support_vectors_ for machine in machines])
    support, place = np.unique(rows, axis=0, return_inverse=True)
    weight = np.zeros((len(support), len(machines)))
    start = 0
    for column, machine in enumerate(machines):
        count = len(machine.support_vectors_)
        np.add.at(weight[:, column], place[start : start + count], machine.dual_coef_[0])
        start += count
    return {
        "mean": scaler.mean_,
        "deviation": scaler.scale_,
        "support": support,
        "weight": weight,
        "offset": np.asarray([machine.intercept_[0] for machine in machines]),
        "width": np.asarray(width.pop()),
    }


def words_arrays(vectorizer: Any, model: Any) -> Arrays:
    """Return a TfidfVectorizer and a OneVsRestClassifier of logistic regressions.

    A label that no row has, or every row, is never, or always, said.
    """
    terms = vectorizer.get_feature_names_out()
    weight, offset = np.zeros((len(terms), len(model.estimators_))), []
    for column, one in enumerate(model.estimators_):
        if hasattr(one, "coef_"):
            weight[:, column] = one.coef_[0]
            offset.append(one.intercept_[0])
        else:
            offset.append(_CERTAIN if one.y_[0] else -_CERTAIN)
    return {
        "terms": np.frombuffer("\n".join(terms).encode("utf-8"), np.uint8),
        "rarity": vectorizer.idf_,
        "weight": weight,
        "offset": np.asarray(offset),
    }


def save_arrays(
    path: Path,
    arrays: Mapping[str, NDArray[Any]],
    *,
    half: Sequence[str] = (),
    byte: Sequence[str] = (),
) -> Arrays:
    """Write arrays as .npz without pickle: floats in 32 bits, those of ``half`` in 16.

    Those of ``byte`` become whole numbers in -127 to 127 with a unit a column (``NAME_unit``).
    Returns the arrays as they are read again, which is what is to be measured.
    """
    held: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        if name in byte:
            unit = np.maximum(np.abs(values).max(axis=0, keepdims=True), 1e-12) / 127
            held[name] = np.round(values / unit).astype(np.int8)
            held[f"{name}_unit"] = unit.astype(np.float32)
        elif values.dtype == np.float64:
            held[name] = values.astype(np.float16 if name in half else np.float32)
        else:
            held[name] = values
    np.savez_compressed(path, allow_pickle=False, **held)  # type: ignore[arg-type]
    return read_arrays(path)
