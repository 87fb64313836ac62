"""Voices told apart: made vectors whose clusters are known, SciPy's linkage, paths by hand."""

import itertools

import numpy as np
import pytest

from openaffect.preprocess.speech_turns import (
    cluster_voices,
    runs,
    shares_of,
    steadiest_path,
    voice_centres,
)
from openaffect.types import InvalidValueError


def voices(who, width=16, noise=0.15, seed=0):
    """Vectors about one random direction a voice."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 1, (max(who) + 1, width)) / np.sqrt(width)
    return centres[list(who)] + random.normal(0, noise / np.sqrt(width), (len(who), width))


WHO = [0] * 6 + [1] * 6 + [0] * 4 + [2] * 5 + [1] * 3


def test_voices_are_told_apart_and_numbered_as_first_heard():
    assert cluster_voices(voices(WHO), threshold=0.6).tolist() == WHO


def test_part_by_part_comes_to_the_same():
    vectors = voices(WHO * 20)
    whole = cluster_voices(vectors, threshold=0.6)
    assert whole.tolist() == WHO * 20
    assert np.array_equal(cluster_voices(vectors, threshold=0.6, most=37), whole)


def test_length_does_not_count():
    vectors = voices(WHO) * np.random.default_rng(1).uniform(0.1, 9, (len(WHO), 1))
    assert cluster_voices(vectors, threshold=0.6).tolist() == WHO


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5])
def test_average_linkage_is_scipys(threshold):
    hierarchy = pytest.importorskip("scipy.cluster.hierarchy", reason="SciPy is not installed")
    vectors = np.random.default_rng(4).normal(0, 1, (40, 5))
    found = cluster_voices(vectors, threshold=threshold)
    tree = hierarchy.linkage(vectors, "average", metric="cosine")
    wanted = hierarchy.fcluster(tree, 1 - threshold, "distance")
    assert len(np.unique(found)) == len(np.unique(wanted))
    for first, second in itertools.combinations(range(40), 2):
        assert (found[first] == found[second]) == (wanted[first] == wanted[second])


def test_a_small_cluster_joins_the_one_it_is_most_like():
    vectors = np.array([[1, 0.0], [1, 0.01], [0, 1], [0.02, 1], [0.6, 0.8]])
    assert cluster_voices(vectors, threshold=0.9).tolist() == [0, 0, 1, 1, 2]
    assert cluster_voices(vectors, threshold=0.9, smallest=2).tolist() == [0, 0, 1, 1, 1]
    assert cluster_voices(vectors[4:], threshold=0.9, smallest=2).tolist() == [0]


def test_nobody_and_what_is_no_vector():
    assert cluster_voices(np.zeros((0, 4)), threshold=0.5).tolist() == []
    with pytest.raises(InvalidValueError, match="vector 1 is all zeros"):
        cluster_voices([[1.0, 0], [0, 0]], threshold=0.5)
    with pytest.raises(InvalidValueError, match=r"expected \(N, D\)"):
        cluster_voices([1.0, 2.0], threshold=0.5)


def test_centres_are_mean_directions():
    centres = voice_centres(np.array([[2.0, 0], [0, 1], [0, 3]]), np.array([0, 1, 1]))
    assert centres == pytest.approx(np.array([[1.0, 0], [0, 1]]))


def test_the_steadiest_path_is_the_best_of_all_paths():
    gain = np.random.default_rng(2).random((6, 3))
    for change in (0.0, 0.3, 2.0):
        worth = {
            path: sum(gain[step, state] for step, state in enumerate(path))
            - change * sum(a != b for a, b in itertools.pairwise(path))
            for path in itertools.product(range(3), repeat=6)
        }
        assert tuple(steadiest_path(gain, change)) == max(worth, key=worth.__getitem__)


def test_windows_share_a_turn_between_their_middles():
    assert shares_of([(1, 2)], 0, 5).tolist() == [[0, 5]]
    assert runs(np.array([1, 1, 0, 0, 0, 2])) == [slice(0, 2), slice(2, 5), slice(5, 6)]
