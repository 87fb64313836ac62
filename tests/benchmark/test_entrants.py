"""Baselines, peers and cards: what they answer, by hand or by a second derivation."""

import shutil

import numpy as np
import pytest

from openaffect.benchmark import _cards
from openaffect.benchmark._entrant import best_of, covers, unknown_labels
from openaffect.benchmark._heads import best_f1_thresholds, linear_head
from openaffect.benchmark._material import Task
from openaffect.benchmark.baselines import majority, prosody, tfidf
from openaffect.benchmark.peers import face_api, fer, vader
from openaffect.benchmark.protocols import PROTOCOLS, protocol
from openaffect.benchmark.run import entrants
from openaffect.models import cards
from openaffect.types import (
    Card,
    InvalidValueError,
    Kind,
    MissingDependencyError,
    Timeline,
    Unit,
    WeightsUnavailableError,
)
from openaffect.types.schemes import GOEMOTIONS28, SENTIMENT3, VALENCE_AROUSAL_DOMINANCE

CLASSES = Task(Kind.CATEGORIES, ("a", "b", "c"))
SETS = Task(Kind.MULTILABEL, ("a", "b", "c"))


def test_the_folders_are_the_registry():
    found = {item.name: item for item in entrants()}
    assert {item.sort for item in found.values()} == {"baseline", "peer"}
    assert {
        "majority", "tfidf-lr", "egemaps-lr", "blendshapes-lr", "hog-lr", "fer", "vader",
        "face-api", "opensmile-compare-svm", "prosody-svm",
    } <= set(found)  # fmt: skip
    for item in found.values():
        assert item.title and item.source and item.modalities and item.kinds


def test_every_protocol_has_a_baseline():
    for asked in PROTOCOLS:
        names = [item.name for item in entrants() if item.fits(asked.modality, asked.task())]
        assert "majority" in names


def test_prosody_tells_high_voices_from_low_ones_and_bears_silence():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: metrics)")
    time = np.arange(16_000) / 16_000

    def voice(pitch):
        return sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 10)) * 0.1

    pitches = np.array([100, 105, 110, 230, 240, 250])
    start = prosody.ENTRANT.start(CLASSES)
    rows = start.prepare([voice(pitch).astype(np.float32) for pitch in pitches])
    assert 2 ** (rows[:, 7] / 12) == pytest.approx(pitches, rel=0.01)  # median of the contour
    answers = start.fit(rows, np.array([0, 0, 0, 1, 1, 1]))
    unheard = [voice(115).astype(np.float32), voice(220).astype(np.float32)]
    assert answers(start.prepare(unheard)).decided.tolist() == [0, 1]
    silence = answers(start.prepare([np.zeros(16_000, np.float32)]))
    assert silence.decided[0] in (0, 1) and silence.scores is None


def test_majority_counts_the_training_rows():
    guess = majority.ENTRANT.start(CLASSES)
    prepared = guess.prepare(["x", "y", "z"])
    answer = guess.fit(prepared, np.array([1, 1, 2]))(prepared)
    assert answer.decided.tolist() == [1, 1, 1]
    assert answer.scores[0].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    sets = majority.ENTRANT.start(SETS)
    truth = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]])
    assert sets.fit(prepared, truth)(prepared).decided[0].tolist() == [1, 0, 0]
    rare = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
    assert sets.fit(prepared, rare)(prepared).decided[0].tolist() == [1, 0, 0]
    values = majority.ENTRANT.start(Task(Kind.DIMENSIONS, ("a",)))
    assert values.fit(prepared, np.array([[1.0], [2.0], [6.0]]))(prepared).decided[0] == 3.0
    with pytest.raises(InvalidValueError, match="no training row"):
        guess.fit(prepared[:0], np.zeros(0, int))


@pytest.mark.parametrize("task", [CLASSES, SETS], ids=["categories", "label sets"])
def test_tfidf_learns_words(task):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: metrics)")
    texts = [f"{word} number {i}" for i in range(40) for word in ("red", "green", "blue")]
    column = np.array([i % 3 for i in range(len(texts))])
    truth = column if task is CLASSES else np.eye(3, dtype=int)[column]
    words = tfidf.ENTRANT.start(task)
    answer = words.fit(words.prepare(texts), truth)(["a blue one", "so red", "green it is"])
    expected = [2, 0, 1]
    if task is CLASSES:
        assert answer.decided.tolist() == expected
        assert answer.scores.sum(axis=1) == pytest.approx([1, 1, 1])
    else:
        assert answer.decided.tolist() == np.eye(3, dtype=int)[expected].tolist()


def test_tfidf_reads_languages_without_spaces_by_characters():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: metrics)")
    words = tfidf.ENTRANT.start(CLASSES)
    texts = ["我很高兴", "他很高兴", "我很生气", "他很生气"] * 10
    answer = words.fit(texts, np.array([0, 0, 1, 1] * 10))(["你高兴吗", "你生气吗"])
    assert answer.decided.tolist() == [0, 1]


def test_a_class_that_training_lacks_gets_nothing():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: metrics)")
    features = np.array([[0.0], [1.0]] * 5)
    predict = linear_head(features, np.array([0, 2] * 5), CLASSES, strength=1.0, scaled=True)
    answer = predict(features)
    assert answer.scores[:, 1].tolist() == [0.0] * 10
    assert answer.decided.tolist() == [0, 2] * 5


def test_a_label_that_training_lacks_is_never_named():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: metrics)")
    features = np.array([[0.0], [1.0]] * 40)
    truth = np.array([[0, 1, 0], [0, 0, 0]] * 40)
    answer = linear_head(features, truth, SETS, strength=10.0, scaled=True)(features)
    assert answer.decided[:, 0].tolist() == [0] * 80
    assert answer.decided[:, 1].tolist() == [1, 0] * 40


def test_thresholds_are_those_of_best_f1():
    scores = np.array([[0.9], [0.8], [0.4], [0.3], [0.1]])
    truth = np.array([[1], [1], [1], [0], [0]])
    assert best_f1_thresholds(scores, truth, smooth=0)[0] == pytest.approx(0.35)
    assert best_f1_thresholds(scores, np.zeros((5, 1), int))[0] == 0.5
    random = np.random.default_rng(0)
    scores, truth = random.random((60, 1)), random.integers(0, 2, (60, 1))
    sklearn = pytest.importorskip("sklearn.metrics")
    found = best_f1_thresholds(scores, truth, smooth=0)[0]
    best = max(sklearn.f1_score(truth, scores >= cut) for cut in scores[:, 0])
    assert sklearn.f1_score(truth, scores >= found) == pytest.approx(best)


def test_answers_in_other_labels_are_taken_by_name():
    scores = np.array([[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]])
    answer = best_of(scores, ("b", "x", "a"), ("a", "b", "c"))
    assert answer.scores == pytest.approx(np.array([[0.6, 0.4, 0], [0.5, 0.5, 0]]))
    assert answer.decided.tolist() == [0, 0]
    assert unknown_labels(("b", "a"), ("a", "b", "c")) == "knows no c"
    assert unknown_labels(("a",), ("a",)) == ""


def test_less_than_half_of_the_labels_is_another_task():
    assert covers(("a", "b"), CLASSES)
    assert not covers(("a",), CLASSES)
    assert covers(("a",), Task(Kind.DIMENSIONS, ("a", "b", "c")))


def test_vader_tells_polarity():
    pytest.importorskip("vaderSentiment", reason="vaderSentiment is not installed (extra: peers)")
    texts = ["I love this, wonderful!", "This is terrible and sad.", "The table is brown."]
    sets = vader.ENTRANT.start(Task(Kind.MULTILABEL, SENTIMENT3.labels))
    predict = sets.fit(None, np.zeros(0))
    assert predict(sets.prepare(texts)).decided.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    values = vader.ENTRANT.start(Task(Kind.DIMENSIONS, VALENCE_AROUSAL_DOMINANCE.labels))
    answer = values.fit(None, np.zeros(0))(values.prepare(texts))
    assert answer.decided[0, 0] > 0 > answer.decided[1, 0]
    assert np.isnan(answer.decided[:, 1:]).all()


def test_fer_says_happiness_nowhere_it_cannot(tmp_path):
    task = protocol("ferplus").task()
    try:
        peer = fer.ENTRANT.start(task)
    except (WeightsUnavailableError, OSError) as error:
        pytest.skip(f"fer's graph is not here: {error}")
    faces = [np.full((48, 48, 3), value, np.uint8) for value in (0, 128)]
    answer = peer.fit(None, np.zeros(0))(peer.prepare(faces))
    assert answer.scores.shape == (2, 8)
    assert answer.scores.sum(axis=1) == pytest.approx([1, 1])
    assert (answer.scores[:, task.labels.index("contempt")] == 0).all()
    assert "contempt" in peer.note


def test_face_api_without_its_package_says_how_to_get_it(monkeypatch, tmp_path):
    task = protocol("ferplus").task()
    monkeypatch.setattr(face_api.shutil, "which", lambda name: None)
    with pytest.raises(MissingDependencyError, match="node is not installed"):
        face_api.ENTRANT.start(task)
    monkeypatch.undo()
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NODE_PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="npm install @vladmandic/face-api"):
        face_api.ENTRANT.start(task)


def test_what_a_card_has_seen_is_read_from_it():
    card = Card(
        "x", "text.emotion", "text", licence="none", training_data=("GoEmotions training split",)
    )
    assert _cards.seen_by(card, protocol("goemotions")) == "training rows"
    assert _cards.seen_by(card, protocol("xed-en")) == "nothing"
    whole = Card("x", "speech.emotion", "speech", licence="none", training_data=("EMO-DB clips",))
    assert _cards.seen_by(whole, protocol("emodb")) == "judged rows"
    split = Card("x", "t", "speech", licence="none", training_data=("EMO-DB training split",))
    assert _cards.seen_by(split, protocol("emodb")) == "judged rows"


def test_the_shipped_cards_are_judged_on_rows_they_did_not_learn():
    found = cards()
    for name, asked, seen in [
        ("face-emotion", "ferplus", "training rows"),
        ("text-emotion", "goemotions", "training rows"),
        ("text-emotion", "meld", "nothing"),
        ("speech-free", "emodb", "judged rows"),
        ("speech-free", "ravdess", "nothing"),
    ]:
        assert _cards.seen_by(found[name], protocol(asked)) == seen, (name, asked)
        assert _cards.fits(found[name], protocol(asked))
    assert _cards.stated_scores(found["speech-free"], protocol("emodb-whole")) == ()
    stated = _cards.stated_scores(found["speech-free"], protocol("emodb"))
    assert [item.measure for item in stated] == ["unweighted average recall"]
    assert stated[0].value == found["speech-free"].scores[0]["value"]
    assert not _cards.fits(found["text-emotion"], protocol("empathetic-dialogues"))
    assert not _cards.fits(found["face-emotion"], protocol("emodb"))
    assert not any(_cards.fits(found["face-landmarker"], asked) for asked in PROTOCOLS)


class _Loader:
    """Loads a recogniser of GoEmotions that says what it is told."""

    def __init__(self, scores, **facts):
        self.card = Card(
            "made", "text.emotion", "text", implementation="made", scheme="goemotions28",
            labels=GOEMOTIONS28.labels, licence="none", **facts,
        )  # fmt: skip
        self.scores = np.array(scores, np.float32)

    def load(self, name):
        return self

    def __call__(self, batch):
        return Timeline(GOEMOTIONS28, self.scores, np.zeros((len(batch), 2)), Unit.WHOLE)


def asked(loader, name):
    task = protocol(name).task()
    contestant = _cards.CardContestant(loader.card, protocol(name), task, loader)
    answer = contestant.fit(None, np.zeros(0))(contestant.prepare(["x"] * len(loader.scores)))
    return task, contestant, answer


def row(**scores):
    return [scores.get(label, 0.0) for label in GOEMOTIONS28.labels]


def test_a_card_s_label_sets_are_decided_by_its_thresholds():
    loader = _Loader(
        [row(joy=0.4, annoyance=0.3), row(grief=0.2)],
        thresholds=dict.fromkeys(GOEMOTIONS28.labels, 0.35),
        calibration={"thresholds": {"ekman7": {"anger": 0.25, "sadness": 0.15, "happiness": 0.5}}},
    )
    task, contestant, answer = asked(loader, "goemotions")
    assert [task.labels[c] for c in np.flatnonzero(answer.decided[0])] == ["joy"]
    task, contestant, answer = asked(loader, "goemotions-ekman")
    named = [[task.labels[c] for c in np.flatnonzero(line)] for line in answer.decided]
    assert named == [["anger"], ["sadness"]]
    assert "goemotions28 to ekman7" in contestant.note
    task, contestant, answer = asked(loader, "xed-en")
    named = [[task.labels[c] for c in np.flatnonzero(line)] for line in answer.decided]
    assert named == [["anger"], ["sadness"]]
    assert "knows no anticipation, trust" in contestant.note


def test_a_card_s_categories_come_along_the_mappings():
    loader = _Loader([row(joy=0.6, fear=0.2), row(remorse=0.9)])
    task, _, answer = asked(loader, "meld")
    assert [task.labels[c] for c in answer.decided] == ["happiness", "sadness"]
    assert answer.scores.sum(axis=1) == pytest.approx([1, 1])
    task, _, answer = asked(loader, "meld-sentiment")
    assert [task.labels[c] for c in answer.decided] == ["positive", "negative"]
