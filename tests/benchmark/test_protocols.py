"""What each protocol trains on and judges, on tiny made corpora."""

import numpy as np
import pytest

from openaffect.benchmark._material import Fold, Sounds, digest_of, material
from openaffect.benchmark.protocols import PROTOCOLS, chosen, protocol
from openaffect.benchmark.scoring import measure_of
from openaffect.types import InvalidValueError, SourceNotFoundError, UnknownNameError

from . import made

pytest.importorskip("pandas", reason="pandas is not installed (extra: tables)")
pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra: tables)")


def test_every_protocol_is_whole():
    names = [item.name for item in PROTOCOLS]
    assert len(set(names)) == len(names)
    for item in PROTOCOLS:
        assert item.measures and item.rows
        assert set(item.labels) <= set(item.scheme.labels)
        for name in item.measures:
            assert measure_of(name, item.task())


def test_names_choose_protocols_and_datasets():
    assert [item.name for item in chosen(("goemotions",))] == [
        "goemotions", "goemotions-ekman", "goemotions-sentiment",
    ]  # fmt: skip
    assert [item.name for item in chosen(("xed-de", "ravdess"))] == ["ravdess", "xed-de"]
    assert [item.name for item in chosen(("cross-corpus",))] == [
        "emodb-to-ravdess", "ravdess-to-emodb",
    ]  # fmt: skip
    assert chosen() == PROTOCOLS
    with pytest.raises(UnknownNameError, match="did you mean 'ravdess'"):
        chosen(("ravdes",))


def test_ferplus_leaves_out_the_unnamed_and_the_repeats(tmp_path):
    made.ferplus(tmp_path)
    rows = protocol("ferplus").read(tmp_path)
    (fold,) = rows.folds
    assert (len(fold.train), len(fold.test)) == (22, 23)  # one repeat, one unknown; one unknown
    assert rows.items[0].shape == (48, 48, 3)
    assert not {rows.items[row].tobytes() for row in fold.train} & {
        rows.items[row].tobytes() for row in fold.test
    }


def test_across_corpora_no_clip_and_no_speaker_is_on_both_sides(tmp_path):
    made.emodb(tmp_path)
    made.emodb(tmp_path, name="ravdess")
    asked = protocol("emodb-to-ravdess")
    assert asked.labels == ("anger", "disgust", "fear", "happiness", "sadness", "neutral")
    rows = asked.read(tmp_path)
    (fold,) = rows.folds
    assert {rows.items.paths[row].parent.name for row in fold.train} == {"emodb"}
    assert {rows.items.paths[row].parent.name for row in fold.test} == {"ravdess"}
    # Boredom, which only one of the corpora has, is left out; the others keep their names.
    assert len(fold.train) == len(fold.test) == 3 * 6
    for row in (*fold.train, *fold.test):
        assert asked.labels[rows.truth[row]] in rows.items.paths[row].stem


def test_emodb_leaves_one_speaker_out(tmp_path):
    made.emodb(tmp_path)
    rows = protocol("emodb").read(tmp_path)
    assert len(rows.folds) == 3
    assert sorted(rows.test) == list(range(21))
    for fold in rows.folds:
        assert not set(rows.groups[fold.train]) & set(rows.groups[fold.test])
    assert rows.items[0].dtype == np.float32
    assert rows.grouped_by == "speakers"


def test_goemotions_groups_and_leaves_out_repeats(tmp_path):
    made.goemotions(tmp_path)
    whole = protocol("goemotions").read(tmp_path)
    assert whole.truth.shape == (120, 28)
    assert len(whole.folds[0].train) == 59
    assert len(whole.test) == 60
    ekman = protocol("goemotions-ekman").read(tmp_path)
    assert ekman.truth[0].tolist() == [0, 0, 0, 1, 0, 0, 0]  # joy is happiness
    sentiment = protocol("goemotions-sentiment").read(tmp_path)
    assert sentiment.truth[:3].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_emobank_is_scaled(tmp_path):
    made.emobank(tmp_path)
    rows = protocol("emobank").read(tmp_path)
    assert rows.truth[0] == pytest.approx([-1, 1, 0])


def test_meld_has_seven_emotions_and_keeps_dialogues(tmp_path):
    made.meld(tmp_path)
    asked = protocol("meld")
    rows = asked.read(tmp_path)
    assert asked.labels[rows.truth[0]] == "happiness"
    assert len(set(rows.groups)) == 6
    sentiment = protocol("meld-sentiment")
    assert [sentiment.labels[c] for c in sentiment.read(tmp_path).truth[:2]] == [
        "positive", "negative",
    ]  # fmt: skip


def test_empathetic_dialogues_asks_for_the_situation_once(tmp_path):
    made.empathetic(tmp_path)
    rows = protocol("empathetic-dialogues").read(tmp_path)
    assert len(rows.items) == 4
    assert rows.items[2] == "lost my cat validation"


def test_xed_leaves_neutral_out(tmp_path):
    made.xed(tmp_path)
    rows = protocol("xed-en").read(tmp_path)
    assert len(rows.items) == 4
    assert rows.truth[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 1]
    with pytest.raises(SourceNotFoundError, match="both are needed"):
        protocol("xed-fi").read(tmp_path)


def test_brighter_judges_every_row_once_in_five_folds(tmp_path):
    made.brighter(tmp_path)
    asked = protocol("brighter-eng")
    rows = asked.read(tmp_path)
    assert asked.labels == ("anger", "fear", "happiness", "sadness", "surprise")
    assert sorted(rows.test) == list(range(60))
    assert len(rows.folds) == 5
    assert rows.truth[0].tolist() == [0, 0, 1, 0, 0]
    with pytest.raises(SourceNotFoundError, match="'deu'"):
        protocol("brighter-deu").read(tmp_path)


def test_a_missing_corpus_is_named(tmp_path):
    with pytest.raises(SourceNotFoundError):
        protocol("ferplus").read(tmp_path)


def test_the_digest_follows_items_truth_and_folds(tmp_path):
    fold = Fold(np.array([0]), np.array([1]))
    first = material(["a", "b"], np.array([0, 1]), [fold])
    assert first.digest == material(["a", "b"], np.array([0, 1]), [fold]).digest
    others = [
        material(["a", "c"], np.array([0, 1]), [fold]),
        material(["a", "b"], np.array([1, 1]), [fold]),
        material(["a", "b"], np.array([0, 1]), [Fold(fold.test, fold.train)]),
    ]
    assert len({first.digest, *(other.digest for other in others)}) == 4
    assert digest_of(["ab", "c"]) != digest_of(["a", "bc"])
    (tmp_path / "a").write_bytes(b"xy")
    assert digest_of([tmp_path / "a"]) == digest_of(["xy"])
    assert len(Sounds([tmp_path / "a"])) == 1


def test_rows_must_fit():
    with pytest.raises(InvalidValueError, match="trains on rows that it tests"):
        material(["a"], np.array([0]), [Fold(np.array([0]), np.array([0]))])
    with pytest.raises(InvalidValueError, match="2 items, 1 truths"):
        material(["a", "b"], np.array([0]), [Fold(np.array([0]), np.array([1]))])


def test_a_limit_draws_fewer_rows_and_another_digest(tmp_path):
    made.goemotions(tmp_path)
    rows = protocol("goemotions").read(tmp_path)
    fewer = rows.limited(10, seed=0)
    assert len(fewer.test) == 10
    assert set(fewer.test) <= set(rows.test)
    assert fewer.digest != rows.digest
    assert rows.limited(10, seed=0).digest == fewer.digest
    with pytest.raises(InvalidValueError, match="limit is 0"):
        rows.limited(0, seed=0)
