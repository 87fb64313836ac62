import threading

import pytest

from openaffect.pipeline.spread import spread


def alive():
    return [t for t in threading.enumerate() if t.name.startswith("openaffect-spread")]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_items_come_in_order_with_their_results(workers):
    found = list(spread(lambda number: number**2, iter(range(40)), workers=workers))
    assert found == [(number, number**2) for number in range(40)]
    assert alive() == []


def test_as_many_work_at_once_as_there_are_workers():
    together = threading.Barrier(3, timeout=10)
    assert len(list(spread(lambda _: together.wait(), iter(range(6)), workers=3))) == 6


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_is_raised_where_it_happened(workers):
    def work(number):
        if number == 2:
            raise ValueError("broken frame")
        return number

    got = []
    with pytest.raises(ValueError, match="broken frame"):
        got.extend(spread(work, iter(range(9)), workers=workers))
    assert got == [(0, 0), (1, 1)]
    assert alive() == []


@pytest.mark.parametrize("workers", [2, 4])
def test_no_more_than_one_beyond_the_workers_are_held(workers):
    made = []

    def items():
        for number in range(50):
            made.append(number)
            yield number

    for number, _ in spread(lambda number: number, items(), workers=workers):
        assert len(made) <= number + 1 + workers


def test_leaving_early_closes_the_items():
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    some = spread(lambda number: number, items(), workers=2)
    next(some)
    some.close()
    assert closed == [True]
    assert alive() == []
