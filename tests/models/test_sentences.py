"""The sentence encoder's graph is the network that its folder holds."""

import json

import numpy as np
import pytest

from openaffect.models.backends.sentences import load, read_safetensors
from openaffect.types import IntegrityError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "train", "was", "late", "early"]
TEXTS = ["the train was late", "early", "the late train was early the train"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a random BERT, and that BERT."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("encoder")
    net = transformers.BertModel(
        transformers.BertConfig(
            vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
            intermediate_size=64, max_position_embeddings=16, initializer_range=0.3,
        )
    ).eval()  # fmt: skip
    net.save_pretrained(folder)
    places = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(places, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder, net, tokenizer


def test_the_vectors_are_those_of_the_network(made):
    import torch

    folder, net, tokenizer = made
    found = load(folder)(TEXTS)
    for text, row in zip(TEXTS, found, strict=True):
        with torch.no_grad():
            hidden = net(torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
        mean = hidden.mean(0).numpy()
        np.testing.assert_allclose(row, mean / np.linalg.norm(mean), atol=2e-6)


def test_long_texts_are_cut_and_none_is_no_row(made):
    encoder = load(made[0])
    assert encoder.longest == 16
    assert encoder(["the " * 500]).shape == (1, 32)
    assert len(encoder([])) == 0


def test_other_folders_are_refused(made, tmp_path):
    with pytest.raises(IntegrityError, match="no safetensors"):
        read_safetensors(made[0] / "config.json")
    (tmp_path / "config.json").write_text(json.dumps({"layer_norm_eps": 1}))
    (tmp_path / "model.safetensors").write_bytes((made[0] / "model.safetensors").read_bytes())
    with pytest.raises(IntegrityError, match="no sentence encoder"):
        load(tmp_path)
