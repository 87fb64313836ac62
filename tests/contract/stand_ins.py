"""Weights that need no files: sessions whose answers depend on what they are fed and nothing else.

A recogniser that comes with a card is tested with that card; one without any is given the card
below. What a graph answers follows from its role and the card.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from openaffect import models
from openaffect.models import CardWeights, Store
from openaffect.types import Card, Kind, scheme

FACTS = {
    "face_emotion": {"scheme": "primary8", "preprocessing": {"size": 48}},
    "face_affect": {"scheme": "valence-arousal", "preprocessing": {"size": 48}},
    "speech_emotion": {
        "scheme": "emodb7",
        "preprocessing": {"minimum_frames": 100, "maximum_frames": 400},
    },
    "speech_affect": {
        "scheme": "valence-arousal",
        "preprocessing": {
            "emotion_scheme": "emodb7",
            "minimum_frames": 100,
            "maximum_frames": 400,
        },
    },
    "speech_prosody": {"scheme": "prosody"},
    "speech_voice": {"scheme": "voice-quality"},
    "speech_strength": {
        "scheme": "strength",
        "preprocessing": {"minimum_frames": 100, "maximum_frames": 400},
    },
    "speech_embedding": {
        "scheme": "speaker-embedding",
        "preprocessing": {"minimum_frames": 100, "maximum_frames": 400},
    },
    "text_emotion": {"scheme": "goemotions28", "preprocessing": {"maximum_tokens": 64}},
    "text_situation": {
        "scheme": "empathetic32",
        "preprocessing": {"maximum_tokens": 64, "context_lines": 8},
    },
    "text_dialogue": {
        "scheme": "primary8",
        "preprocessing": {"maximum_tokens": 64, "context_lines": 8},
    },
    "text_affect": {
        "scheme": "valence-arousal-dominance",
        "preprocessing": {"maximum_tokens": 64},
    },
}
"""What a card must say for the implementations that may be installed without one."""


def stand_in_card(name, modality):
    return Card(
        name=f"stand-in-{name.replace('_', '-')}",
        task=name.replace("_", ".", 1),
        modality=modality,
        implementation=name,
        licence="none: a stand-in",
        **FACTS.get(name, {}),
    )


_COLUMNS = np.arange(8)


class StandInSession:
    """One output, a row for each row of the first input, from that row's sum alone."""

    outputs = ("scores",)

    def __init__(self, card, role):
        self.card, self.role = card, role
        self.inputs = ("input",)

    def run(self, feeds):
        first = next(iter(feeds.values()))
        if self.role == "detector":  # a face nowhere
            return {
                "boxes": np.zeros((1, 896, 16), np.float32),
                "logits": np.full((1, 896, 1), -99.0),
            }
        if self.role == "landmarks":  # points, none of them of a face
            return {"points": np.zeros((1, 1434)), "presence": np.full((1, 1, 1, 1), -99.0)}
        if self.role == "turns":
            powers = np.exp(np.sin(first.astype(np.float64).sum(axis=2, keepdims=True) + _COLUMNS))
            return {"scores": powers / powers.sum(axis=2, keepdims=True)}
        sums = first.reshape(len(first), -1).astype(np.float64).sum(axis=1)
        derived = self.card.implementation in ("face_affect", "speech_affect")
        facts = self.card.preprocessing
        name = facts.get("emotion_scheme", "primary8") if derived else self.card.scheme
        meaning = scheme(name)
        waves = np.sin(sums[:, None] * 1e-3 + np.arange(len(meaning)))
        if meaning.kind is Kind.CATEGORIES:
            powers = np.exp(2 * waves)
            shares = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
            return {"scores": shares, "pooled": shares}
        low, high = meaning.low or 0.0, meaning.high or 1.0
        answer = (low + (high - low) * (0.5 + 0.5 * waves)).astype(np.float32)
        return dict.fromkeys(("scores", "strength", "embedding"), answer)


class StandInWhisper:
    def transcribe(self, samples, language=None):
        return [(0.0, len(samples) / 16_000, f"{len(samples)} samples", 0.5, [])]


class StandInWeights:
    """Implements ``openaffect.types.Weights`` without a file."""

    def __init__(self, card: Card, folder: Path):
        self.card = replace(card, files=())
        self.folder = folder

    def path(self, role):
        if role == "model":  # arrays of a classical recogniser, which are read and not run
            return CardWeights(models.card(self.card.name), Store(offline=True)).path(role)
        assert role == "tokenizer", role
        return str(tokenizer(self.folder))

    def session(self, role):
        return StandInSession(self.card, role)

    def open(self, backend):
        assert backend == "whisper", backend
        return StandInWhisper()


def tokenizer(folder):
    """Write a tokenizer of letters, in the form that the text models read."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    path = folder / "tokenizer.json"
    if not path.exists():
        letters = "abcdefghijklmnopqrstuvwxyz"
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{c}" for c in letters)]
        built = Tokenizer(
            models.WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]")
        )
        built.pre_tokenizer = pre_tokenizers.Whitespace()
        built.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        built.save(str(path))
    return path


def batch(modality, count=5, seed=0):
    """Return a batch of made-up items of unlike sizes."""
    random = np.random.default_rng(seed)
    if modality == "face":
        sizes = [(48, 48), (96, 80), (31, 47), (200, 160), (1, 1)]
        return [random.integers(0, 256, (*sizes[k % 5], 3), dtype=np.uint8) for k in range(count)]
    if modality == "speech":
        lengths = [16_000, 40_000, 8_000, 100_000, 23_456]
        return [
            random.normal(0, 0.1, lengths[k % 5]).clip(-1, 1).astype(np.float32)
            for k in range(count)
        ]
    texts = ["what a day", "i am afraid of the dark", "ok", "", "never again, please: never " * 9]
    return [texts[k % 5] for k in range(count)]


WRONG = {
    "face": [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8), "x"],
    "speech": [np.zeros((2, 9), np.float32), np.zeros(9, np.int16), np.full(9, np.nan), 3],
    "text": [b"bytes", None, 5],
}
"""Items that a recogniser of that modality must refuse."""
