import json

import numpy as np
import pytest

from openaffect.generate._dialogue import Heard, ReplyRequest, Turn
from openaffect.generate._partner import Resources
from openaffect.generate.reply_retrieval import (
    SCALE,
    AnswerIndex,
    RetrievalPartner,
    context_text,
    likenesses,
)
from openaffect.types import IntegrityError, InvalidValueError


def unit(random, rows, width=16):
    made = random.normal(size=(rows, width)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_nearest_are_those_of_a_full_comparison():
    random = np.random.default_rng(0)
    rows, asked = unit(random, 9000), unit(random, 1)
    index = AnswerIndex(np.rint(rows * SCALE).astype(np.int8), [str(n) for n in range(9000)])
    full = np.argsort(-(rows @ asked[0]))
    assert index.nearest(asked[0], 1)[0] == full[0]
    assert len(set(index.nearest(asked[0], 20)) & set(full[:20])) >= 18
    exact = likenesses(index.vectors, asked)[0]
    assert exact == pytest.approx(rows @ asked[0], abs=0.02)
    assert (np.diff(exact[index.nearest(asked[0], 20)]) <= 0).all()
    assert len(index.nearest(asked[0], 10**5)) == 9000


def test_rows_and_answers_must_match():
    with pytest.raises(InvalidValueError, match="2 answers"):
        AnswerIndex(np.zeros((3, 4), np.int8), ["a", "b"])


def test_the_last_turn_is_compared_first():
    assert context_text(["1", "2", "3", "4"]) == "4\n3\n2"
    assert context_text(["1"]) == "1"


class Made:
    card = type("Card", (), {"name": "made", "licence": "none"})()

    def __init__(self, folder):
        self.folder = folder
        np.save(folder / "vectors", np.array([[127, 0], [0, 127], [90, 90]], np.int8))
        (folder / "answers").write_text(json.dumps(["so sad", "how nice", "so sad"]))

    def path(self, role):
        return str(self.folder / (role if role == "answers" else f"{role}.npy"))


def test_partner_offers_each_answer_once(tmp_path):
    resources = Resources(
        lambda: None, lambda: lambda texts: np.array([[0.6, 0.8]], np.float32), Made(tmp_path)
    )
    request = ReplyRequest(dialogue=(Turn("Ann", "I won!"),), candidates=3)
    (offered,) = RetrievalPartner(resources).respond(request, Heard("glad", 1.0, "x", {}, "made"))
    assert offered == ["so sad", "how nice"]  # the third row is nearest: cosine .99


def test_a_damaged_index_is_named(tmp_path):
    made = Made(tmp_path)
    (tmp_path / "answers").write_text("{")
    with pytest.raises(IntegrityError, match="answers"):
        RetrievalPartner(Resources(lambda: None, lambda: lambda texts: None, made))
