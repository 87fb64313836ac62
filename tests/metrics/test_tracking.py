import itertools

import numpy as np
import pytest

from openaffect.metrics.tracking import identity_f1, identity_switches, paired


def test_numbers_kept_are_perfect():
    truth = [0, 1, 0, 1, 0, 1]
    assert identity_f1(truth, [4, 9, 4, 9, 4, 9]) == 1
    assert identity_switches(truth, [4, 9, 4, 9, 4, 9]) == 0


def test_a_swap_halfway_by_hand():
    truth = [0, 1] * 4
    found = [5, 6] * 2 + [6, 5] * 2
    assert identity_f1(truth, found) == pytest.approx(0.5)
    assert identity_switches(truth, found) == 2


def test_misses_and_false_alarms_by_hand():
    # 4 true, 3 found, 2 of them under the number that person 0 bears most: 2 * 2 / (4 + 3)
    assert identity_f1([0, 0, 0, 0, -1], [3, 3, -1, -1, 8]) == pytest.approx(4 / 7)
    assert identity_switches([0, 0, 0, -1], [3, -1, 3, 8]) == 0


def test_two_people_under_one_number():
    # one number can stand for one person only: 3 of 5
    assert identity_f1([0, 0, 0, 1, 1], [2] * 5) == pytest.approx(2 * 3 / 10)
    assert identity_switches([0, 0, 0, 1, 1], [2] * 5) == 0


def test_coming_back_under_another_number_counts_once():
    assert identity_switches([0, 0, 0, 0, 0], [1, 1, 2, 2, 2]) == 1


def test_the_matching_is_the_best_of_all():
    random = np.random.default_rng(0)
    truth, found = random.integers(0, 3, 40), random.integers(0, 4, 40)
    best = max(
        sum(np.sum((truth == who) & (found == number)) for who, number in enumerate(numbers))
        for numbers in itertools.permutations(range(4), 3)
    )
    assert identity_f1(truth, found) == pytest.approx(2 * best / 80)


def test_boxes_are_paired_at_half_an_overlap():
    places = [[0, 0, 10, 10], [20, 0, 30, 10], [50, 50, 60, 60]]
    boxes = [[20, 0, 30, 9], [6, 0, 16, 10], [0, 1, 10, 11]]
    truth, found = paired([([0, 1, 2], places, [7, 8, 9], boxes), ([], [], [3], [[0, 0, 1, 1]])])
    assert sorted(zip(truth.tolist(), found.tolist(), strict=True)) == [
        (-1, 3),
        (-1, 8),
        (0, 9),
        (1, 7),
        (2, -1),
    ]
