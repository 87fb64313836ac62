"""The classifier of beginnings says what PyTorch's layers say, and steers by it."""

import numpy as np
import pytest

from openaffect.generate._emotion import EMOTIONS, parse
from openaffect.generate._prefix import PrefixClassifier
from openaffect.generate.text_fudge import Fudge
from openaffect.types import Card, IntegrityError

VOCABULARY, READ, WIDTH = 120, 6, 5
(JOY,) = parse("joy")


def arrays(seed=0, tokens=VOCABULARY):
    generator = np.random.default_rng(seed)
    shapes = {
        "tokens": (tokens, READ), "input": (3 * WIDTH, READ), "recurrent": (3 * WIDTH, WIDTH),
        "input_bias": (3 * WIDTH,), "recurrent_bias": (3 * WIDTH,),
        "output": (len(EMOTIONS), WIDTH), "output_bias": (len(EMOTIONS),),
    }  # fmt: skip
    return {name: generator.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


class Files:
    def __init__(self, path):
        self._path = path

    def path(self, role):
        return str(self._path)


class Model:
    card = Card("made", "text.language", "text", licence="made")
    vocabulary = VOCABULARY


def fudge(tmp_path, held):
    np.savez(tmp_path / "held.npz", **held)
    return Fudge(Model(), Files(tmp_path / "held.npz"))


def test_it_is_pytorchs_recurrent_layer():
    torch = pytest.importorskip("torch")
    held = arrays()
    layer = torch.nn.GRU(READ, WIDTH, batch_first=True)
    names = ("input", "recurrent", "input_bias", "recurrent_bias")
    layer.load_state_dict(
        dict(zip(layer.state_dict(), (torch.from_numpy(held[name]) for name in names), strict=True))
    )
    tokens = [3, 77, 3, 119, 0]
    with torch.no_grad():
        states, _ = layer(torch.from_numpy(held["tokens"][tokens])[None])
        odds = states[0] @ torch.from_numpy(held["output"]).T + torch.from_numpy(
            held["output_bias"]
        )
    found = PrefixClassifier(held).beginnings(tokens)
    np.testing.assert_allclose(found, odds.log_softmax(-1).numpy(), atol=1e-5)


def test_whole_numbers_have_a_unit():
    held = arrays()
    unit = np.full((1, READ), 0.01, np.float32)
    whole = np.round(held["tokens"] / unit).astype(np.int16)
    near = PrefixClassifier({**held, "tokens": whole, "tokens_unit": unit}).beginnings([1, 2, 3])
    np.testing.assert_allclose(near, PrefixClassifier(held).beginnings([1, 2, 3]), atol=0.02)


@pytest.mark.parametrize("name", ["recurrent", "output"])
def test_a_broken_file_is_told(name):
    held = arrays()
    with pytest.raises(IntegrityError, match=name):
        PrefixClassifier({key: value for key, value in held.items() if key != name})
    with pytest.raises(IntegrityError, match="shapes"):
        PrefixClassifier({**held, name: held[name][:-1]})


def test_likely_tokens_lose_what_they_fall_short_by(tmp_path):
    """Each token's loss is the log of promise over what is aimed at, the text read anew."""
    held = arrays()
    way = fudge(tmp_path, held)
    logits = np.random.default_rng(1).normal(size=(2, VOCABULARY)).astype(np.float32)
    texts = [[], [5, 9]]
    place = EMOTIONS.index("happiness")
    for intensity in (1.0, 0.14):
        changed = way.adjusted(logits, texts, JOY, intensity)
        for row, text in enumerate(texts):
            kept = np.isfinite(changed[row])
            assert kept.sum() < VOCABULARY
            assert logits[row][kept].min() >= logits[row][~kept].max()
            promised = np.array(
                [
                    PrefixClassifier(held).beginnings([*text, token])[-1, place]
                    for token in np.flatnonzero(kept)
                ]
            )
            short = np.minimum(promised - 1.5 * np.log(intensity), 0)
            assert short.min() < 0
            assert (short == 0).any() == (intensity < 1)
            np.testing.assert_allclose(
                (changed - logits)[row][kept], way.strength * (len(text) + 1) / 8 * short, atol=2e-2
            )


def test_states_that_are_kept_change_nothing(tmp_path):
    """A text that grew token by token is scored as one that is met whole."""
    held = arrays()
    grown, fresh = fudge(tmp_path, held), fudge(tmp_path, held)
    logits = np.random.default_rng(2).normal(size=(1, VOCABULARY)).astype(np.float32)
    text = [4, 8, 15, 16]
    for length in range(len(text) + 1):
        last = grown.adjusted(logits, [text[:length]], JOY, 1.0)
    np.testing.assert_allclose(last, fresh.adjusted(logits, [text], JOY, 1.0), atol=1e-5)


def test_another_models_tokens_are_refused(tmp_path):
    with pytest.raises(IntegrityError, match="knows 99 tokens and made 120"):
        fudge(tmp_path, arrays(tokens=99))
    with pytest.raises(IntegrityError, match="needs the weights"):
        Fudge(Model())
