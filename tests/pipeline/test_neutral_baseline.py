"""People with a resting face that was made, and people who feel what they show."""

import json

import numpy as np
import pytest

from openaffect.pipeline.neutral_baseline import (
    CLEAR,
    LARGEST,
    PRIOR,
    REFERENCE,
    Calm,
    calm_rows,
    corrected,
    estimated,
    numbers,
    read_baseline,
)
from openaffect.types import Analysis, InvalidValueError, SourceNotFoundError, Timeline, scheme

PRIMARY8 = scheme("primary8")
LABELS = PRIMARY8.labels
SAD, HAPPY, CALM = (LABELS.index(name) for name in ("sadness", "happiness", "neutral"))
REST = np.array([REFERENCE[label] for label in LABELS])


def person(shown, bias=None, *, subject=0, rate=5, seconds=4, seed=0):
    """Return rows whose log-odds are those of the face shown, plus a bias: ``None`` is calm."""
    generator = np.random.default_rng(seed)
    odds = []
    for label in shown:
        base = REST.copy()
        if label is not None:
            base[label] = 3.0
        odds += [base + generator.normal(0, 0.3, 8) for _ in range(rate * seconds)]
    odds = np.array(odds) + (0 if bias is None else bias)
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    times = np.arange(len(odds)) / rate
    return Timeline(
        PRIMARY8,
        powers / powers.sum(axis=1, keepdims=True),
        np.c_[times, times + 1 / rate],
        extra={"subject": np.full(len(odds), subject)},
        model="made",
    )


def lean(label, nats):
    bias = np.zeros(8)
    bias[label] = nats
    return bias


def share(timeline, label):
    return np.mean(np.array(timeline.best()) == LABELS[label])


def test_a_sad_resting_face_is_taken_off_by_a_calm_recording():
    talking = person([None, HAPPY, None, SAD, None], lean(SAD, 4.0))
    assert share(talking, CALM) == 0  # the bias hides every calm row
    calm = person([None], lean(SAD, 4.0), seconds=20, seed=1)
    found = corrected(talking, {0: calm_rows(calm, np.arange(len(calm)))})
    assert share(found.timeline, CALM) > 0.55  # three of five stretches are calm
    assert share(found.timeline, HAPPY) == pytest.approx(0.2)
    assert found.told["0"]["rows"] == 100
    assert found.told["0"]["shift"]["sadness"] == LARGEST
    np.testing.assert_allclose(found.timeline.extra["raw"], talking.scores)


def test_the_shift_is_the_shrunken_excess():
    """By hand: half of the excess where calm rows weigh as much as the prior."""
    calm = Calm(REST + lean(SAD, 1.2), rows=int(PRIOR))
    np.testing.assert_allclose(calm.shift, lean(SAD, 0.6), atol=1e-9)
    talking = person([None])
    moved = corrected(talking, {0: calm}).timeline
    before = np.log(talking.scores[:, SAD] / talking.scores[:, CALM])
    after = np.log(moved.scores[:, SAD] / moved.scores[:, CALM])
    np.testing.assert_allclose(before - after, 0.6, atol=1e-4)


def test_a_recording_tells_a_resting_face_where_neutral_stays_ahead():
    bias = lean(LABELS.index("anger"), 3.0)
    talking = person([None, HAPPY, None, LABELS.index("anger"), None, None], bias)
    found = estimated(talking)[0]
    assert isinstance(found, Calm)
    assert found.shift[LABELS.index("anger")] > 0.7
    assert (found.shift >= 0).all()


def test_a_guess_never_makes_an_emotion_likelier():
    assert Calm(REST + lean(HAPPY, -3.0), rows=100, guessed=True).shift[HAPPY] == 0
    assert Calm(REST + lean(HAPPY, -3.0), rows=100).shift[HAPPY] < -1


@pytest.mark.parametrize("shown", [[SAD] * 6, [SAD, LABELS.index("anger")] * 3])
def test_somebody_who_is_sad_throughout_stays_sad(shown):
    sad = person(shown)
    reason = estimated(sad)[0]
    assert isinstance(reason, str)
    assert "may be felt" in reason
    found = corrected(sad, estimated(sad))
    np.testing.assert_allclose(found.timeline.scores, sad.scores, atol=1e-6)
    assert found.told == {"0": {"left": reason}}


def test_somebody_only_a_little_ahead_in_calm_is_left_too():
    """The stated limit: a face on which neutral is not clearly ahead is not touched."""
    assert isinstance(estimated(person([None] * 6, lean(SAD, 3.0 - CLEAR + 1.0)))[0], str)


def test_too_short_a_recording_tells_nothing():
    assert "too short" in estimated(person([None], seconds=3))[0]


def test_each_subject_has_its_own_baseline():
    plain, biased = person([None] * 4, subject=0), person([None] * 4, lean(SAD, 3.0), subject=1)
    both = Timeline(
        PRIMARY8,
        np.r_[plain.scores, biased.scores],
        np.r_[plain.span, biased.span],
        extra={"subject": np.r_[plain.extra["subject"], biased.extra["subject"]]},
    )
    calm = {1: calm_rows(biased, np.arange(len(biased))), 0: "unknown"}
    found = corrected(both, calm).timeline
    np.testing.assert_allclose(found.scores[: len(plain)], plain.scores, atol=1e-6)
    assert found.scores[len(plain) :, SAD].mean() < biased.scores[:, SAD].mean() / 3


def test_one_persons_calm_rows_go_to_the_person_seen_most_and_that_is_said():
    few, many = person([None], subject=3), person([None] * 4, lean(SAD, 2.0), subject=8)
    both = Timeline(
        PRIMARY8,
        np.r_[few.scores, many.scores],
        np.r_[few.span, many.span],
        extra={"subject": np.r_[few.extra["subject"], many.extra["subject"]]},
    )
    found = corrected(both, {0: Calm(REST + lean(SAD, 2.0), rows=50)})
    assert "shift" in found.told["8"]
    assert "left" in found.told["3"]
    assert "subject 8" in found.warnings[0]


def test_rows_that_become_sure_no_longer_abstain():
    unsure = person([None] * 3, lean(SAD, 3.0))
    line = Timeline(
        PRIMARY8,
        unsure.scores,
        unsure.span,
        extra={**unsure.extra, "abstain": unsure.scores.max(axis=1) < 0.6,
               "quality": np.r_[np.zeros(5), np.ones(len(unsure) - 5)]},
    )  # fmt: skip
    assert line.extra["abstain"].any()
    calm = {0: Calm(REST + lean(SAD, 3.0), rows=200)}
    found = corrected(line, calm, abstain_below=0.6).timeline
    assert found.extra["abstain"].tolist() == [True] * 5 + [False] * (len(unsure) - 5)


def test_a_baseline_is_read_from_an_analysis_and_from_numbers(tmp_path):
    calm = person([None], lean(SAD, 1.0))
    path = tmp_path / "calm.json"
    analysis = Analysis("calm.mp4", timelines={"face.emotion": calm})
    path.write_text(json.dumps(analysis.to_dict()), encoding="utf-8")
    found = read_baseline(path)
    assert found[0].rows == len(calm)
    assert found[0].log_odds[SAD] == pytest.approx(REFERENCE["sadness"] + 1.0, abs=0.3)
    (tmp_path / "numbers.json").write_text(json.dumps(numbers(found)), encoding="utf-8")
    again = read_baseline(tmp_path / "numbers.json")
    np.testing.assert_allclose(again[0].log_odds, found[0].log_odds)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not readable"),
        ('{"format": "openaffect.baseline/1"}', "missing"),
        ('{"format": "openaffect.baseline/1", "subjects": {"0": {"rows": 3}}}', "missing"),
        (json.dumps(Analysis("x").to_dict()), "holds no face"),
    ],
)
def test_another_content_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "wrong.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidValueError, match=message) as error:
        read_baseline(path)
    assert "wrong.json" in str(error.value)


def test_no_file_says_what_to_give():
    with pytest.raises(SourceNotFoundError, match="auto"):
        read_baseline("nowhere.json")


def test_another_scheme_is_refused():
    with pytest.raises(InvalidValueError, match="primary8"):
        estimated(Timeline(scheme("emodb7"), np.eye(7)[:1], [[0, 1]]))
