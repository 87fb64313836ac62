"""The real files, where they are on this machine already: nothing is fetched here."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from openaffect.models import Store, card
from openaffect.models.store import cache_folder
from openaffect.models.weights import CardWeights

CACHE = cache_folder()
"""Taken at import, before the fixtures put the environment's settings out of the way."""
LOCAL = os.environ.get("OPENAFFECT_WEIGHTS", "")
SHARED = Path(__file__).parents[3] / "shared" / "models"


def weights(name: str, monkeypatch: pytest.MonkeyPatch) -> CardWeights:
    folders = [folder for folder in (LOCAL, str(SHARED)) if folder]
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", os.pathsep.join(folders))
    store = Store(CACHE, offline=True)
    if any(store.locate(card(name), file.role) is None for file in card(name).files):
        pytest.skip(f"{name} is not in the cache; run `openaffect models pull {name}`")
    return CardWeights(card(name), store)


@pytest.mark.parametrize("name", ["blazeface-short", "blazeface-full"])
def test_detectors_are_as_their_cards_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    detector = weights(name, monkeypatch)
    facts = detector.card.preprocessing
    session = detector.session("detector")
    shape = (1, facts["height"], facts["width"], 3)
    answer = session.run({facts["input"]: np.zeros(shape, np.float32)})
    boxes, scores = (answer[output] for output in facts["outputs"])
    assert boxes.shape == (1, facts["anchors"], 4 + 2 * facts["keypoints"])
    assert scores.shape == (1, facts["anchors"], 1)
    cells = sum((facts["width"] // stride) ** 2 for stride in facts["strides"])
    assert cells * facts["anchors_per_cell"] == facts["anchors"]


def test_the_mesh_is_as_its_card_says(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = weights("face-mesh-468", monkeypatch)
    facts = mesh.card.preprocessing
    answer = mesh.session("landmarks").run({facts["input"]: np.zeros((1, 192, 192, 3), np.float32)})
    points, presence = (answer[output] for output in facts["outputs"])
    assert points.size == facts["points"] * facts["point_values"]
    assert presence.size == 1


def test_the_landmarker_is_as_its_card_says(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = weights("face-landmarker", monkeypatch)
    for role in ("detector", "landmarks", "blendshapes"):
        facts = bundle.card.preprocessing[role]
        session = bundle.session(role)
        assert session.inputs == (facts["input"],)
        assert set(session.outputs) == set(facts["outputs"])
    points = bundle.card.preprocessing["blendshapes"]
    answer = bundle.session("blendshapes").run(
        {points["input"]: np.zeros((1, points["points"], points["point_values"]), np.float32)}
    )
    assert answer[points["outputs"][0]].size == len(bundle.card.labels)


def test_speech_activity_carries_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    activity = weights("silero-vad", monkeypatch)
    facts = activity.card.preprocessing
    session = activity.session("activity")
    generator = np.random.default_rng(0)
    frames = generator.normal(0, 0.1, (6, facts["frame"])).astype(np.float32)
    state = {name: np.zeros(facts["state_shape"], np.float32) for name in facts["state"]}
    whole = session.run({facts["input"]: frames, **state})[facts["output"]]
    streamed = []
    for frame in frames:
        answer = session.run({facts["input"]: frame[None], **state})
        streamed.append(answer[facts["output"]])
        names = zip(facts["state"], facts["next_state"], strict=True)
        state = {name: answer[after] for name, after in names}
    np.testing.assert_allclose(np.concatenate(streamed), whole, atol=1e-6)


def test_whisper_hears_nothing_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("faster_whisper", reason="the extra `transcript` is not installed")
    model = weights("whisper-base", monkeypatch).open("whisper")
    assert model.transcribe(np.zeros(16_000, np.float32), language="en") == []


def test_a_graph_answers_several_threads_at_once_as_it_answers_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    detector = weights("blazeface-short", monkeypatch)
    session = detector.session("detector")
    draw = np.random.default_rng(0)
    pictures = [draw.random((1, 128, 128, 3), np.float32) for _ in range(24)]

    def scores(picture: np.ndarray) -> np.ndarray:
        return session.run({session.inputs[0]: picture})[session.outputs[1]]

    alone = [scores(picture) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(scores, pictures))
    np.testing.assert_array_equal(together, alone)
