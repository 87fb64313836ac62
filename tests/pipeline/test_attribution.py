"""The maps peak where a made recogniser's evidence is known to lie."""

import numpy as np
import pytest

from openaffect.pipeline.attribution import RATE, face_saliency, sound_saliency
from openaffect.types import InvalidValueError, Timeline, UnknownNameError, scheme

SIDE = 96


class Made:
    """Happiness is what ``evidence`` gives in [0, 1]; the rest is neutral."""

    def __init__(self, evidence, name="primary8"):
        self.evidence = evidence
        self.scheme = scheme(name)

    def __call__(self, batch, /):
        scores = np.zeros((len(batch), len(self.scheme)), np.float32)
        for row, item in enumerate(batch):
            share = float(np.clip(self.evidence(item), 0.01, 0.99))
            scores[row, self.scheme.index("happiness")] = share
            scores[row, self.scheme.index("neutral")] = 1 - share
        return Timeline(self.scheme, scores, np.zeros((len(batch), 2)), unit="whole")


def crop():
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


@pytest.mark.parametrize("place", [(10, 20), (48, 48), (70, 14), (84, 84)])
def test_a_face(place):
    """The evidence is fine detail in one patch of 12 x 12 pixels."""
    y, x = place
    see = Made(lambda image: image[y : y + 12, x : x + 12].std() / 80)
    found = face_saliency(see, crop())
    top, left = np.unravel_index(np.argmax(found.gain), found.gain.shape)
    assert found.label == "happiness"
    assert abs(top - (y + 5.5)) <= 8
    assert abs(left - (x + 5.5)) <= 8
    inside = found.gain[y : y + 12, x : x + 12].mean()
    far = np.ones_like(found.gain, dtype=bool)
    far[max(0, y - 24) : y + 36, max(0, x - 24) : x + 36] = False
    assert inside > 20 * np.abs(found.gain[far]).max()


def test_evidence_against_a_label_is_negative():
    see = Made(lambda image: 0.9 - image[40:52, 40:52].std() / 100)
    found = face_saliency(see, crop(), "happiness")
    assert found.gain[40:52, 40:52].mean() < 0
    other = face_saliency(see, crop(), "neutral")
    np.testing.assert_allclose(other.gain, -found.gain, atol=1e-3)


def test_every_pixel_is_covered():
    see = Made(lambda image: 0.5)
    for shape in ((96, 96), (7, 5), (50, 121)):
        picture = np.zeros((*shape, 3), np.uint8)
        assert np.isfinite(face_saliency(see, picture, "happiness").gain).all()


def tones(seconds=2.0):
    """Noise, and a tone of 1 kHz from 1.0 to 1.25 s."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = 0.02 * np.random.default_rng(0).standard_normal(len(time))
    inside = (time >= 1.0) & (time < 1.25)
    sound[inside] += 0.3 * np.sin(2 * np.pi * 1000 * time[inside])
    return sound.astype(np.float32)


def test_a_sound():
    """The evidence is the energy at 1 kHz."""

    def at_1000(samples):
        wave = np.exp(-2j * np.pi * 1000 * np.arange(len(samples)) / RATE)
        return abs(samples @ wave) / 1000

    pytest.importorskip("scipy")
    found = sound_saliency(Made(at_1000), tones(), "happiness")
    band, cell = np.unravel_index(np.argmax(found.gain), found.gain.shape)
    assert found.frequencies[band] <= 1000 <= found.frequencies[band + 1]
    assert found.times[cell] == pytest.approx(1.0)
    others = np.delete(found.gain.ravel(), band * found.gain.shape[1] + cell)
    assert found.gain[band, cell] > 10 * others.max()


def test_edges_cover_the_sound():
    pytest.importorskip("scipy")
    found = sound_saliency(Made(lambda samples: 0.5), tones(1.3), "happiness", bands=4)
    assert found.gain.shape == (4, 5)
    assert (found.frequencies[0], found.times[0]) == (0, 0)
    assert found.frequencies[-1] == pytest.approx(8000)
    assert found.times[-1] == pytest.approx(1.3)
    np.testing.assert_allclose(found.gain, 0)


def test_what_cannot_be_taken_apart():
    with pytest.raises(UnknownNameError, match="joy"):
        face_saliency(Made(lambda image: 0.5), crop(), "joy")
    with pytest.raises(InvalidValueError, match="at least one"):
        sound_saliency(Made(lambda samples: 0.5), np.zeros(0, np.float32))


def test_progress_is_told():
    told = []
    face_saliency(Made(lambda image: 0.5), crop(), progress=lambda *what: told.append(what))
    assert told[-1][0] == "saliency"
    assert told[-1][1] == told[-1][2]
