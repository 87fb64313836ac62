import threading

import pytest

from openaffect.pipeline.prefetch import prefetch


def alive():
    return [thread for thread in threading.enumerate() if thread.name == "openaffect-decode"]


def test_items_come_in_order():
    assert list(prefetch(iter(range(100)), ahead=3)) == list(range(100))
    assert alive() == []


def test_an_error_is_raised_where_it_happened():
    def items():
        yield 1
        raise ValueError("broken frame")

    got = []
    with pytest.raises(ValueError, match="broken frame"):
        got.extend(prefetch(items(), ahead=2))
    assert alive() == []


def test_no_more_than_ahead_are_held():
    made = []

    def items():
        for number in range(50):
            made.append(number)
            yield number

    for number in prefetch(items(), ahead=2):
        assert len(made) <= number + 1 + 2 + 1


def test_leaving_early_ends_the_thread_and_closes_the_source():
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    ahead = prefetch(items(), ahead=2)
    next(ahead)
    ahead.close()
    assert closed == [True]
    assert alive() == []


def test_an_interruption_in_the_loop_ends_the_thread():
    with pytest.raises(KeyboardInterrupt):
        for _ in prefetch(iter(range(1000)), ahead=2):
            raise KeyboardInterrupt
    assert alive() == []
