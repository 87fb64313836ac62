# ruff: noqa: E402
"""What the classical recognisers say is what scikit-learn's own objects say, on made rows."""

import numpy as np
import pytest

for library in ("sklearn", "torch"):
    pytest.importorskip(library, reason=f"{library} is not installed (extra: train)")

from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from openaffect.recognize import face_hog_svm, speech_prosody_svm
from openaffect.recognize._classical import projected, read_arrays
from openaffect.recognize.face_geometry_tree import leaves
from openaffect.recognize.face_hog_knn import neighbours_share
from openaffect.recognize.text_tfidf import PLAIN, TextTfidf, calibrated, surroundings
from openaffect.train.classical import (
    axes_of,
    kernel_arrays,
    machine_arrays,
    save_arrays,
    tree_arrays,
    words_arrays,
)
from openaffect.types import Card, InvalidValueError

SEED = 0


def blobs(rows=400, width=12, classes=4):
    generator = np.random.default_rng(SEED)
    label = np.arange(rows) % classes
    places = generator.normal(0, 1.5, (classes, width))
    return places[label] + generator.normal(0, 1.2, (rows, width)), label


def test_a_machine_on_random_features():
    rows, label = blobs()
    parts = (
        StandardScaler(),
        PCA(6, random_state=SEED),
        RBFSampler(gamma=0.05, n_components=80, random_state=SEED),
        SGDClassifier(loss="hinge", average=True, random_state=SEED),
    )
    theirs = make_pipeline(*parts).fit(rows, label)
    ours = face_hog_svm.margins(rows, machine_arrays(*parts))
    np.testing.assert_allclose(ours, theirs.decision_function(rows), atol=1e-8)


def test_the_nearest_rows():
    rows, label = blobs()
    scaler = StandardScaler().fit(rows[:300])
    components = PCA(5).fit(scaler.transform(rows[:300]))
    arrays = axes_of(scaler, components)
    points = projected(rows, arrays)
    np.testing.assert_allclose(points, components.transform(scaler.transform(rows)), atol=1e-9)
    theirs = KNeighborsClassifier(7).fit(points[:300], label[:300])
    arrays |= {"rows": points[:300], "share": np.eye(4)[label[:300]]}
    ours = neighbours_share(points[300:], arrays, 7)
    np.testing.assert_allclose(ours, theirs.predict_proba(points[300:]), atol=1e-12)


def test_a_tree():
    rows, label = blobs()
    rows = rows.astype(np.float32)  # what scikit-learn compares with its thresholds
    theirs = DecisionTreeClassifier(min_samples_leaf=5, random_state=SEED).fit(rows, label)
    arrays = tree_arrays(theirs, smooth=0)
    assert (leaves(rows, arrays) == theirs.apply(rows)).all()
    shares = arrays["share"][leaves(rows, arrays)]
    np.testing.assert_allclose(shares, theirs.predict_proba(rows), atol=1e-6)
    smoothed = tree_arrays(theirs, smooth=1.0)["share"]
    np.testing.assert_allclose(smoothed.sum(axis=1), 1, atol=1e-6)
    assert smoothed.min() > 0


def test_machines_with_a_kernel():
    rows, label = blobs()
    scaler = StandardScaler().fit(rows)
    ready = scaler.transform(rows)
    machines = [SVC(C=2, gamma=0.05).fit(ready, label == column) for column in range(4)]
    ours = speech_prosody_svm.margins(rows, kernel_arrays(scaler, machines))
    for column, machine in enumerate(machines):
        np.testing.assert_allclose(ours[:, column], machine.decision_function(ready), atol=1e-8)


class Held:
    def __init__(self, path, labels):
        self.card = Card(
            name="made", task="text.emotion", modality="text", scheme="made", labels=labels,
            kind="multilabel", licence="none",
        )  # fmt: skip
        self._path = path

    def path(self, role):
        assert role == "model"
        return str(self._path)


TEXTS = ["What a lovely day", "I am so sad, so sad", "Not a day too soon", "Übel, wirklich übel!",
         "lovely lovely lovely", "sad but not angry", "a day is a day", "I'm fine"]  # fmt: skip


def test_words(tmp_path):
    truth = np.array([[1, 0], [0, 1], [0, 0], [0, 1], [1, 0], [0, 1], [0, 0], [1, 0]])
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=5)).fit(words.fit_transform(TEXTS), truth)
    arrays = {**words_arrays(words, model), "calibration": np.tile(PLAIN, (2, 1))}
    save_arrays(tmp_path / "words.npz", arrays)
    recognizer = TextTfidf(Held(tmp_path / "words.npz", ("good", "bad")))
    unseen = [*TEXTS, "a sad day, a LOVELY day", "", "unheard-of"]
    theirs = model.predict_proba(words.transform(unseen))
    np.testing.assert_allclose(recognizer(unseen).scores, theirs, atol=1e-6)


def test_a_label_is_calibrated_in_the_light_of_the_others():
    """By hand: log-odds ln 1, ln 2, ln 3 have odds that sum to 6, and the second best is ln 2."""
    one, two, three = np.log([1, 2, 3])
    seen = surroundings(np.array([[one, two, three]]))
    expected = [
        [one, one**2, three, np.log(6)],
        [two, two**2, three, np.log(6)],
        [three, three**2, two, np.log(6)],
    ]
    np.testing.assert_allclose(seen[0], expected)
    table = np.array([PLAIN, (0.5, 2, 0, 0, 0), (0, 1, 0, -1, 0)])
    odds = calibrated(np.array([[one, two, three]]), table)[0]
    np.testing.assert_allclose(odds / (1 - odds), [1, 4 * np.exp(0.5), 1.5])


@pytest.mark.filterwarnings("ignore:Label not 1 is present:UserWarning")
def test_a_label_without_an_example_is_never_said(tmp_path):
    truth = np.array([[1, 0]] * 4 + [[0, 0]] * 4)
    words = TfidfVectorizer(sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression()).fit(words.fit_transform(TEXTS), truth)
    arrays = {**words_arrays(words, model), "calibration": np.tile(PLAIN, (2, 1))}
    save_arrays(tmp_path / "words.npz", arrays)
    scores = TextTfidf(Held(tmp_path / "words.npz", ("good", "bad")))(TEXTS).scores
    np.testing.assert_allclose(scores, model.predict_proba(words.transform(TEXTS)), atol=1e-6)


def test_what_is_kept_in_bytes_is_off_by_half_a_unit(tmp_path):
    rows = np.random.default_rng(SEED).normal(0, [1, 100, 0.01], (50, 3))
    found = save_arrays(
        tmp_path / "a.npz", {"rows": rows, "half": rows}, half=("half",), byte=("rows",)
    )
    assert found.keys() == {"rows", "half"}
    largest = np.abs(rows).max(axis=0)
    assert (np.abs(found["rows"] - rows) <= largest / 254 * 1.001).all()
    np.testing.assert_allclose(found["half"], rows, rtol=1e-3)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as held:
        assert held["rows"].dtype == np.int8
    assert read_arrays(tmp_path / "a.npz")["rows"].dtype == np.float32


def test_a_file_without_an_array_is_refused(tmp_path):
    save_arrays(tmp_path / "a.npz", {"terms": np.zeros(1)})
    with pytest.raises(InvalidValueError, match=r"rarity.*it holds terms"):
        TextTfidf(Held(tmp_path / "a.npz", ("good", "bad")))
