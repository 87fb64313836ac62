"""Steering along gradients, on a small random network and a made head."""

import numpy as np
import pytest
from tests.generate import made_model

from openaffect.generate._emotion import parse
from openaffect.generate._request import TextRequest
from openaffect.generate._write import write
from openaffect.generate.text_pplm import GENERATOR as PPLM
from openaffect.models.language import language_model_at
from openaffect.types import IntegrityError

pytest.importorskip("torch", reason="torch comes with the extra train")
pytest.importorskip("transformers", reason="transformers comes with the extra train")
pytest.importorskip("gguf", reason="gguf comes with the extra generate")
IDS = np.array([[5, 9, 40, 12, 7, 30, 31]])
(FEAR,) = parse("fear")


class Head:
    """Weights whose file is a random head."""

    def __init__(self, folder, width=made_model.WIDTH):
        self.file = folder / f"head-{width}.npz"
        weight = np.random.default_rng(0).normal(size=(7, width)) / 5
        np.savez(self.file, weight=weight.astype(np.float32), bias=np.zeros(7, np.float32))

    def path(self, role):
        return str(self.file)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pplm")
    return made_model.write_gguf(folder / "made.gguf", made_model.network())


@pytest.fixture(scope="module")
def model(file):
    return language_model_at(file, cache=file.parent / "cache", gradients=True)


@pytest.fixture(scope="module")
def way(model, file):
    return PPLM(model, Head(file.parent))


def apart(way, model, intensity):
    """The divergence of the fused scores from the model's own, in nats."""
    rows = [way.read(IDS, None, FEAR, intensity).logits[0], model.read(IDS).logits[0]]
    fused, own = (row - np.log(np.exp(row).sum()) for row in rows)
    return float((np.exp(fused) * (fused - own)).sum())


def test_the_stronger_the_further_from_the_model(way, model):
    near, half, far = (apart(way, model, intensity) for intensity in (1e-6, 0.5, 1.0))
    assert near < 1e-6 < half < far < 1.0


def test_the_head_sees_more_of_the_emotion_in_what_was_moved(way, model):
    """The mean state of text and next token, taken as the moved model expects it."""
    fused = way.read(IDS, None, FEAR, 1.0).logits[0]
    own = model.read(IDS).logits[0]
    shown = []
    for scores in (own, fused):
        chances = np.exp(scores - scores.max())
        best = np.argsort(-scores)[:20]
        means = model.mean_hidden([[*IDS[0].tolist(), int(token)] for token in best])
        weight, bias = way._weight, way._bias
        odds = np.exp(means @ weight.T + bias)
        told = (odds / odds.sum(axis=1, keepdims=True))[:, 2]
        shown.append(float((chances[best] * told).sum() / chances[best].sum()))
    assert shown[1] > shown[0]


def test_it_writes_several_side_by_side_and_at_no_intensity_as_the_model(way):
    request = TextRequest(prompt="the cat and", emotion="fear", candidates=2, length=4)
    *_, drafts = write(way, request)
    assert len(drafts) == 2
    plain = TextRequest(prompt="the cat and", emotion="fear", length=4, intensity=0)
    *_, (alone,) = write(way, plain)
    *_, (again,) = write(way, plain)
    assert alone.text == again.text


def test_what_it_needs_is_named(model, file):
    with pytest.raises(IntegrityError, match="needs a model with gradients"):
        PPLM(language_model_at(file, cache=file.parent / "cache"), Head(file.parent))
    with pytest.raises(IntegrityError, match="needs the weights"):
        PPLM(model)
    with pytest.raises(IntegrityError, match="reads states of 7 values and made has 64"):
        PPLM(model, Head(file.parent, 7))
