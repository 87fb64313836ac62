"""Cards' probabilities judged, on made answers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from openaffect.benchmark import calibration, calibration_table
from openaffect.benchmark.calibration import Answered, halves, judged, read_nested, top_label
from openaffect.benchmark.protocols import protocol
from openaffect.models import cards
from openaffect.types import InvalidValueError

FACE, TEXT, SPEECH = (cards()[name] for name in ("face-emotion", "text-emotion", "speech-free"))


def faces(count=3000, sharp=1.0, groups=None):
    """Return answers whose labels are drawn from softmax(logits), said as softmax(sharp logits)."""
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 2, (count, 8))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (generator.random((count, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, 7)
    said = np.exp(sharp * logits) / np.exp(sharp * logits).sum(axis=1, keepdims=True)
    return Answered(FACE, protocol("ferplus"), said, truth, groups, "measured")


def test_honest_probabilities_meet_the_bar_and_need_no_map():
    row = judged(faces(), resamples=20)
    assert row.shipped.error.value < 0.03
    assert calibration_table.meets_bar(row)
    assert row.shipped.error.value < row.floor_high  # no further off than chance makes it
    assert row.floor < row.floor_high
    assert abs(row.after.loss - row.shipped.loss) < 0.01
    assert row.risks["1"] == pytest.approx(1 - row.right, abs=1e-4)
    assert list(row.risks.values()) == sorted(row.risks.values())


def test_boasting_is_found_and_mended_by_the_other_half():
    row = judged(faces(sharp=3.0), resamples=20)
    assert row.shipped.error.value > 0.1 > row.floor_high
    assert not calibration_table.meets_bar(row)
    assert row.after.error.value < 0.035
    assert row.forms["temperature"] < 0.035
    assert row.after.brier < row.shipped.brier
    # The card states the temperature in its graph: undone, the answers are flatter.
    assert row.raw is not None
    assert row.raw.error.value < row.shipped.error.value


def test_chance_alone_makes_an_error_of_few_rows():
    """One bin: |mean of n coins less 1/2| has the mean sqrt(1 / (2 pi n))."""
    few = np.mean([calibration.chance_errors(np.full(150, 0.5), seed) for seed in range(3)])
    assert few == pytest.approx(np.sqrt(1 / (2 * np.pi * 10)), rel=0.08)  # 15 bins of ten


def test_speakers_stay_on_one_side():
    groups = np.repeat(np.arange(10), 30)
    part = halves(faces(300, groups=groups), seed=0)
    assert all(len(set(part[groups == name])) == 1 for name in range(10))
    assert set(part) == {0, 1}


def test_a_label_set_is_right_when_the_best_label_is_in_it():
    scores = np.array([[0.9, 0.2], [0.3, 0.1], [0.2, 0.4]])
    confidence, right = top_label(scores, np.array([[1, 1], [0, 1], [0, 1]]))
    assert confidence.tolist() == [0.9, 0.3, 0.4]
    assert right.tolist() == [True, False, True]


def test_label_sets_are_mended_too():
    generator = np.random.default_rng(1)
    logits = generator.normal(-1.5, 1.5, (3000, 28))
    truth = (generator.random((3000, 28)) < 1 / (1 + np.exp(-logits))).astype(int)
    said = 1 / (1 + np.exp(-3 * logits))
    answered = Answered(TEXT, protocol("goemotions"), said, truth, None, "measured")
    row = judged(answered, resamples=20)
    assert row.after.error.value < 0.04 < row.shipped.error.value
    assert row.raw is None
    assert set(row.forms) == {"temperature", "vector"}


def test_nested_answers_are_read_where_the_weights_learnt_all(tmp_path):
    with pytest.raises(InvalidValueError, match="--nested"):
        read_nested(SPEECH, protocol("emodb"), None)
    with pytest.raises(InvalidValueError, match="openaffect train speech-free"):
        read_nested(SPEECH, protocol("emodb"), tmp_path)
    scores = np.full((20, 7), 1 / 7)
    held = {"scores": scores, "truth": np.arange(20) % 7, "groups": np.repeat(["a", "b"], 10)}
    np.savez(tmp_path / "speech-free.emodb.nested.npz", **held)
    answered = read_nested(SPEECH, protocol("emodb"), tmp_path)
    assert answered.origin == "nested"
    assert answered.groups.tolist() == held["groups"].tolist()


def test_a_card_is_asked_in_its_own_labels_about_what_it_learnt():
    assert calibration.fits(FACE, protocol("ferplus"))
    assert calibration.fits(TEXT, protocol("goemotions"))
    assert calibration.fits(SPEECH, protocol("emodb"))
    assert not calibration.fits(SPEECH, protocol("ravdess"))
    assert not calibration.fits(TEXT, protocol("meld"))
    assert not calibration.fits(SPEECH, protocol("emodb-whole"))


def test_the_tables_say_what_was_found(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (extra: report)")
    rows = [judged(faces(400), resamples=5), judged(faces(400, sharp=3.0), resamples=5)]
    rows[1] = replace(rows[1], model="another", origin="nested")
    page, lines, picture = calibration_table.write(rows, tmp_path, "the command")
    text = page.read_text("utf-8")
    assert "Printed by `the command`" in text
    assert "| another | ferplus, nested |" in text
    assert "not met" in text
    found = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert found[0]["shipped"]["error"]["value"] == rows[0].shipped.error.value
    assert found[0]["weights_sha256"]
    assert picture.read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(InvalidValueError, match="nothing to write"):
        calibration_table.write([], tmp_path, "x")
