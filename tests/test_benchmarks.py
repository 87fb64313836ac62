"""The benchmarks name functions of the package; a name that is gone would spoil their tables."""

import importlib
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "_stages.py"


def stages():
    spec = importlib.util.spec_from_file_location("stages", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("place", [p for places in stages().STAGES.values() for p in places])
def test_every_function_that_is_timed_is_there(place):
    module, _, path = place.partition(":")
    found = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    assert callable(found)


def test_a_stage_is_counted_without_the_stages_inside(monkeypatch):
    module = stages()
    clock, ticks = module.Clock(), iter([0.0, 1.0, 4.0, 9.0])
    monkeypatch.setattr(module.time, "thread_time", lambda: next(ticks))
    inner = clock.wrap("inner", lambda: "done")
    assert clock.wrap("outer", lambda: inner())() == "done"
    assert dict(clock.seconds) == {"inner": 3.0, "outer": 6.0}


def test_a_generator_is_counted_step_by_step(monkeypatch):
    module = stages()
    clock, ticks = module.Clock(), iter(range(100))
    monkeypatch.setattr(module.time, "thread_time", lambda: float(next(ticks)))
    assert list(clock.wrap("items", lambda: iter([1, 2]))()) == [1, 2]
    assert clock.seconds["items"] == 4.0  # the call, two items and the end
