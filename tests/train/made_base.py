"""The base of adapters over a made model, as the recipes have it over the real one."""

import numpy as np
from tests.generate import made_model

from openaffect.models.backends import llama
from openaffect.models.backends._llama_graph import read_tensors
from openaffect.train.recipes import _lora
from openaffect.types import Card


def made_base(folder):
    path = made_model.write_gguf(folder / "made.gguf", made_model.network())
    card = Card("made-llama", "text.language", "text", licence="made")
    shape, tensors = read_tensors(path)
    owned = {name: np.array(tensor) for name, tensor in tensors.items()}
    return _lora.Base(llama.load(path, card, folder / "graphs", "made"), shape, owned)
