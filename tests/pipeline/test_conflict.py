import numpy as np
import pytest

from openaffect.pipeline.conflict import SAME_SIDE, conflicts, disagreement
from openaffect.types import Timeline, scheme

LABELS = scheme("primary8").labels


def sure(label, mass=1.0):
    scores = np.full(8, (1 - mass) / 7)
    scores[LABELS.index(label)] = mass
    return scores


def line(labels, *, mass=0.9, step=0.5, **extra):
    spans = [(k * step, (k + 1) * step) for k in range(len(labels))]
    scores = np.asarray([sure(label, mass) for label in labels], np.float32)
    return Timeline(scheme("primary8"), scores, spans, extra=extra)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("happiness", "sadness", 1.0),
        ("contempt", "happiness", 1.0),
        ("anger", "sadness", SAME_SIDE),
        ("surprise", "happiness", SAME_SIDE),
        ("fear", "fear", 0.0),
        ("neutral", "sadness", 0.0),
        ("happiness", "neutral", 0.0),
    ],
)
def test_two_sure_streams_disagree_by_what_they_name(first, second, expected):
    assert disagreement(sure(first)[None], sure(second)[None]) == pytest.approx([expected])


def cost(one, two):
    """Return what a pair of drawn emotions differ by, written out anew."""
    negative = {"anger", "disgust", "fear", "sadness", "contempt"}
    names = {LABELS[one], LABELS[two]}
    if len(names) == 1 or "neutral" in names:
        return 0.0
    return 1.0 if "happiness" in names and names & negative else SAME_SIDE


def test_disagreement_is_what_draws_differ_by_between_less_within():
    random = np.random.default_rng(0)
    p, q = random.dirichlet(np.full(8, 0.3), 2)
    table = np.asarray([[cost(j, k) for k in range(8)] for j in range(8)])
    drawn = {name: random.choice(8, (2, 400_000), p=each) for name, each in (("p", p), ("q", q))}
    between = table[drawn["p"][0], drawn["q"][0]].mean()
    within = [table[two[0], two[1]].mean() for two in drawn.values()]
    assert disagreement(p[None], q[None])[0] == pytest.approx(between - np.mean(within), abs=0.01)


def test_equal_distributions_agree_however_unsure_they_are():
    flat = np.full((1, 8), 1 / 8)
    assert disagreement(flat, flat) == pytest.approx([0.0])


def test_a_smiling_face_and_sad_words_are_told_in_words():
    streams = {
        "face.emotion": line(["happiness"] * 6, subject=np.zeros(6, int)),
        "text.emotion": line(["happiness", "sadness", "sadness", "sadness", "neutral", "neutral"]),
    }
    found = conflicts(streams)
    assert found.span.tolist() == [[0.5, 2.0]]
    assert list(found.extra["text"]) == ["smiling face, sad words"]
    assert found.extra["subject"].tolist() == [0]
    assert np.isfinite(found.scores).tolist() == [[False, True, False]]


def test_the_intensity_is_the_mean_of_disagreement_times_the_lesser_quality():
    streams = {
        "speech.emotion": line(["happiness"] * 4, quality=np.full(4, 0.8)),
        "text.emotion": line(["anger"] * 4, quality=np.full(4, 0.9)),
    }
    found = conflicts(streams)
    expected = 0.8 * disagreement(sure("happiness", 0.9)[None], sure("anger", 0.9)[None])[0]
    assert found.column("speech_text")[0] == pytest.approx(expected, abs=1e-5)
    assert list(found.extra["text"]) == ["happy voice, angry words"]


def test_what_lasts_less_than_a_second_is_none():
    words = line(["neutral", "sadness", "neutral", "neutral"])
    assert len(conflicts({"face.emotion": line(["happiness"] * 4), "text.emotion": words})) == 0


@pytest.mark.parametrize("mass", [0.2, 0.3])
def test_unsure_streams_do_not_conflict(mass):
    streams = {
        "speech.emotion": line(["happiness"] * 6, mass=mass),
        "text.emotion": line(["sadness"] * 6, mass=mass),
    }
    assert len(conflicts(streams)) == 0


def test_a_stream_that_abstains_or_is_of_no_quality_does_not_conflict():
    words = line(["sadness"] * 6)
    for extra in ({"abstain": np.ones(6, bool)}, {"quality": np.full(6, 0.1)}):
        streams = {"speech.emotion": line(["happiness"] * 6, **extra), "text.emotion": words}
        assert len(conflicts(streams)) == 0


def test_other_people_do_not_conflict():
    faces = Timeline(
        scheme("primary8"),
        np.asarray([sure("happiness"), sure("sadness")] * 4, np.float32),
        [(k // 2 * 0.5, k // 2 * 0.5 + 0.5) for k in range(8)],
        extra={"subject": np.asarray([0, 1] * 4)},
    )
    assert len(conflicts({"face.emotion": faces, "text.emotion": line(["anger"] * 4)})) == 0


def test_one_stream_or_none_has_no_conflicts():
    assert len(conflicts({"face.emotion": line(["anger"] * 3)})) == 0
    assert len(conflicts({})) == 0
