import numpy as np

from openaffect.pipeline.lips import speaking
from openaffect.types import Timeline, scheme

RATE = 5


def shapes(jaws):
    """Return ``face.blendshapes`` of several people, each a row of ``jawOpen`` by time."""
    times = np.arange(len(jaws[0])) / RATE
    scores = np.zeros((len(jaws) * len(times), 52), np.float32)
    scores[:, scheme("arkit52").index("jawOpen")] = np.asarray(jaws).T.reshape(-1)
    start = np.repeat(times, len(jaws))
    return Timeline(
        scheme("arkit52"),
        scores,
        np.column_stack([start, start + 1 / RATE]),
        extra={"subject": np.tile(np.arange(len(jaws)), len(times))},
    )


def heard(*spans):
    return Timeline(scheme("speech-activity"), np.ones((len(spans), 1)), spans)


def chatter(seconds, size, seed=0):
    return 0.1 + size * np.random.default_rng(seed).random(seconds * RATE)


def test_whose_mouth_moves_speaks():
    still, moving = np.full(20, 0.3), chatter(4, 0.2)
    found = speaking(shapes([still, moving]), heard((0, 4)))
    assert found.extra["subject"].tolist() == [1, 1]
    assert found.span.tolist() == [[0, 2], [2, 4]]
    assert (found.scores > 0.5).all()


def test_turns_are_told_apart():
    first = np.concatenate([chatter(2, 0.2), np.full(10, 0.1)])
    second = np.concatenate([np.full(10, 0.1), chatter(2, 0.2)])
    found = speaking(shapes([first, second]), heard((0, 2), (2, 4)))
    assert found.extra["subject"].tolist() == [0, 1]


def test_where_both_mouths_move_nobody_is_named():
    both = shapes([chatter(4, 0.2, seed) for seed in (1, 2)])
    assert len(speaking(both, heard((0, 4)))) == 0


def test_a_voice_over_still_mouths_is_nobodys():
    assert len(speaking(shapes([np.full(20, 0.2)] * 2), heard((0, 4)))) == 0


def test_too_few_looks_tell_nothing():
    assert len(speaking(shapes([chatter(4, 0.2)]), heard((0, 0.5)))) == 0


def test_silence_has_no_speaker():
    assert len(speaking(shapes([chatter(4, 0.2)]), heard())) == 0
