"""Directions of emotion are added behind one layer, by shares and with a sign."""

import numpy as np
import pytest
from tests.generate.test_write import Alphabet, written

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate.text_activation import Activation
from openaffect.types import IntegrityError


class Files:
    def __init__(self, path):
        self._path = path

    def path(self, role):
        return str(self._path)


@pytest.fixture
def way(tmp_path):
    directions = np.arange(1, 8, dtype=np.float32)[:, None]
    np.savez(tmp_path / "held.npz", directions=directions, layer=0)
    return Activation(Alphabet(), Files(tmp_path / "held.npz"))


@pytest.mark.parametrize(
    ("emotion", "intensity", "added"),
    [
        ("joy", 1.0, EMOTIONS.index("happiness") + 1),
        ("joy", -0.5, -0.5 * (EMOTIONS.index("happiness") + 1)),
        ("anger:.5,fear:.5", 0.5, 0.5 * (1 + 3) / 2),
    ],
)
def test_the_direction_is_added_from_the_first_token_on(way, emotion, intensity, added):
    written(way, length=2, emotion=emotion, intensity=intensity)
    assert [float(push.item()) for push in way.model.pushed] == pytest.approx([added] * 2)


def test_another_models_directions_are_refused(tmp_path):
    np.savez(tmp_path / "held.npz", directions=np.zeros((7, 2), np.float32), layer=0)
    with pytest.raises(IntegrityError, match=r"shape \(7, 2\) behind layer 0; alphabet"):
        Activation(Alphabet(), Files(tmp_path / "held.npz"))
    with pytest.raises(IntegrityError, match="needs the weights"):
        Activation(Alphabet())
