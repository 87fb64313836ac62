import pytest


@pytest.fixture
def context(tmp_path):
    from openaffect.train.context import Context

    made = Context(out=tmp_path / "run", seed=3)
    made.out.mkdir()
    yield made
    made.close()


@pytest.fixture
def tiny_encoder(tmp_path, monkeypatch):
    """A transformer of two narrow layers over a few words, in place of the pretrained one."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    from openaffect.data import goemotions
    from openaffect.train import text

    folder = tmp_path / "encoder"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *goemotions.SCHEME.labels, "i", "feel", "today"]
    built = Tokenizer(
        models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]")
    )
    built.normalizer = normalizers.Lowercase()
    built.pre_tokenizer = pre_tokenizers.Whitespace()
    built.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=160,
    )  # fmt: skip
    BertModel(shape).save_pretrained(folder)
    built.save(str(folder / "tokenizer.json"))
    monkeypatch.setattr(text, "encoder_folder", lambda progress=None: folder)
    return folder
