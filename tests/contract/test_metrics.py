"""What every metric promises, for every one that is discovered."""

import copy
import doctest
import functools
import inspect
import math
from collections import Counter

import numpy as np
import pytest

from openaffect.metrics._metric import Metric, Takes
from openaffect.models import Registry
from openaffect.types import InvalidValueError, MissingDependencyError

MODULES = Registry({"metrics": "openaffect.metrics"}).every("metrics")
METRICS = [metric for module in MODULES.values() for metric in module]
CLASSES = 4
RATE = 16_000


@pytest.fixture(params=METRICS, ids=[metric.name for metric in METRICS])
def metric(request):
    return request.param


def picture(seed, height=96, width=112):
    """Return coloured squares with sharp edges, a little noise over them."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // 16, width // 16, 3))
    image = np.kron(coarse, np.ones((16, 16, 1)))
    return np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def voice(seconds=1.5):
    """Return a voiced sound: harmonics of a moving pitch in syllables, with pauses."""
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = 120 + 20 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = sum(np.sin(k * phase) * np.exp(-((k * 120 - 500) ** 2) / 9e5) for k in range(1, 30))
    syllables = np.clip(np.sin(2 * np.pi * 1.5 * time), 0, 1)
    noise = np.random.default_rng(0).normal(0, 0.002, len(time))
    return (0.3 * sound / np.abs(sound).max() * syllables + noise).astype(np.float32)


def noisy(sound):
    noise = np.random.default_rng(1).normal(0, 0.01, len(sound))
    return np.clip(sound + noise, -1, 1).astype(np.float32)


def made(takes, seed=0):
    """Return valid arguments: enough of everything, nothing constant, nothing perfect."""
    random = np.random.default_rng(seed)
    truth = np.tile(np.arange(CLASSES), 15)
    match takes:
        case Takes.LABELS:
            return [truth, np.where(random.random(60) < 0.7, truth, random.integers(0, 4, 60))]
        case Takes.MULTILABEL:
            right = random.integers(0, 2, (60, CLASSES))
            return [right, np.where(random.random(right.shape) < 0.8, right, 1 - right)]
        case Takes.PROBABILITIES:
            scores = random.dirichlet(np.ones(CLASSES), 60) + np.eye(CLASSES)[truth]
            return [scores / scores.sum(axis=1, keepdims=True), truth]
        case Takes.VALUES:
            series = random.normal(size=60)
            return [series, series + random.normal(0, 0.5, 60)]
        case Takes.IMAGE_PAIR:
            other = picture(0).astype(int) + random.integers(-9, 10, (96, 112, 3))
            return [picture(0), np.clip(other, 0, 255).astype(np.uint8)]
        case Takes.IMAGE:
            return [picture(0)]
        case Takes.FEATURES:
            return [random.normal(size=(80, 8)), random.normal(0.2, 1.1, size=(70, 8))]
        case Takes.EMBEDDINGS:
            return [random.normal(size=64), random.normal(size=64)]
        case Takes.LANDMARKS:
            points = random.uniform(20, 200, (1, 68, 2)) + random.normal(0, 1, (30, 68, 2))
            return [points, points + random.normal(0, 1, points.shape)]
        case Takes.AUDIO_PAIR:
            return [voice(), noisy(voice())]
        case Takes.AUDIO:
            return [voice()]
        case Takes.TEXT_PAIRS:
            return [
                ["the cat sat on the mat today", "i am so very happy about it", "what a long day"],
                [
                    "the cat sat on a mat today",
                    "i am very happy about it",
                    "what a lovely long day",
                ],
            ]
        case Takes.TEXTS:
            return [["the cat sat on the mat today", "i am so very happy about it", "what a day"]]
        case Takes.TRIALS:
            same = np.arange(80) % 2 == 0
            return [random.normal(np.where(same, 1.0, -0.5), 1.0), same]
        case Takes.TRACKS:
            return [truth, np.where(random.random(60) < 0.8, truth + 7, -1)]
        case Takes.RATINGS:
            quality = random.integers(2, 5, (20, 1))
            return [np.clip(quality + random.integers(-1, 2, (20, 4)), 1, 5).astype(float)]


def empty(takes):
    if takes in (Takes.TEXT_PAIRS, Takes.TEXTS):
        return [[] for _ in made(takes)]
    if takes in (Takes.IMAGE, Takes.IMAGE_PAIR):
        return [np.zeros((0, 0, 3), np.uint8) for _ in made(takes)]
    return [values[:0] for values in made(takes)]


def mismatched(takes):
    """Return arguments that do not fit each other; None where any two fit."""
    first, *rest = made(takes)
    if not rest or takes is Takes.AUDIO_PAIR:
        return None
    if takes is Takes.FEATURES:
        return [first, rest[0][:, :-1]]
    if takes is Takes.LANDMARKS:
        return [first, rest[0][:, :-1]]
    return [first, rest[0][:-1]]


def with_nan(takes):
    """Return arguments with a NaN in the first; None for text."""
    first, *rest = made(takes)
    if takes in (Takes.TEXT_PAIRS, Takes.TEXTS):
        return None
    first = np.array(first, dtype=float)
    if takes is Takes.RATINGS:
        first[:] = np.nan  # one NaN is a rater who was not asked
    else:
        first.flat[0] = np.nan
    return [first, *rest]


def value(metric, arguments):
    """Call a metric as ``Takes`` says; skips where its extra is not installed."""
    keywords = {}
    if metric.takes in (Takes.AUDIO, Takes.AUDIO_PAIR):
        keywords["rate"] = RATE
    if "classes" in inspect.signature(metric.function).parameters:
        keywords["classes"] = CLASSES
    try:
        return metric.function(*arguments, **keywords)
    except MissingDependencyError as error:
        assert metric.extra, f"{metric.name} needs an extra that it does not name: {error}"
        pytest.skip(str(error))


@functools.cache
def usual(name):
    """Return the value on valid input, once for all tests; skips where the extra is missing."""
    metric = next(item for item in METRICS if item.name == name)
    return value(metric, made(metric.takes))


def test_names_are_unique():
    assert [name for name, times in Counter(m.name for m in METRICS).items() if times > 1] == []


def test_it_describes_itself(metric):
    assert isinstance(metric, Metric)
    assert metric.name == metric.name.strip() != ""
    assert len(metric.citation) > 5
    assert metric.low is None or metric.high is None or metric.low < metric.high
    assert "_" not in metric.name


def test_the_example_runs(metric):
    function = metric.function
    finder = doctest.DocTestFinder(recurse=False)
    tests = finder.find(function, function.__name__, globs=dict(vars(inspect.getmodule(function))))
    examples = [example for test in tests for example in test.examples]
    assert examples, f"{function.__name__} has no example"
    usual(metric.name)  # skips without the extra
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in tests:
        runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_the_value_is_a_float_in_range(metric):
    found = usual(metric.name)
    assert isinstance(found, float)
    assert math.isfinite(found)
    assert metric.low is None or found >= metric.low - 1e-9
    assert metric.high is None or found <= metric.high + 1e-9


def test_the_same_again_and_inputs_are_not_changed(metric):
    arguments = made(metric.takes)
    before = copy.deepcopy(arguments)
    assert value(metric, arguments) == usual(metric.name)
    for left, right in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("spoil", [empty, mismatched, with_nan])
def test_wrong_input_is_refused(metric, spoil):
    arguments = spoil(metric.takes)
    if arguments is None:
        pytest.skip(f"{metric.takes} has no such input")
    usual(metric.name)  # skips without the extra
    with pytest.raises(InvalidValueError):
        value(metric, arguments)
