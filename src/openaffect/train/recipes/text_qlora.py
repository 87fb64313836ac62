"""The adapter that writes with emotion, for every layer, over a base in 4 bits: on a CUDA GPU.

QLoRA (Dettmers et al., NeurIPS 2023): as ``text-lora``, but the frozen matrices are kept in 4-bit
NormalFloat, so that a larger base fits, and all layers get pairs. The 4 bits are unpacked by torch
alone, without kernels of their own. Protocol: that of ``text-lora``. Baseline in the same run: the
model without the adapter.
"""

from __future__ import annotations

from pathlib import Path

import torch

from openaffect.generate._emotion import EMOTIONS
from openaffect.models.backends._llama_adapter import save_adapter
from openaffect.types import MissingDependencyError

from ..cards import save_card
from ..context import Context
from . import _emotional_text as comments
from . import _lora
from .text_lora import budget, card, train

NAME = "text-qlora"
HELP = "text-lora for all layers over a base in 4 bits; needs a CUDA GPU"


def run(context: Context) -> Path:
    """Train, export, measure on the rows held back, write the card.

    Raises :class:`MissingDependencyError` without a CUDA GPU.
    """
    if not (context.device.startswith("cuda") and torch.cuda.is_available()):
        raise MissingDependencyError(
            f"{NAME} trains every layer and needs a CUDA GPU, device is {context.device!r}: give "
            "--device cuda with a CUDA build of torch, or train text-lora, which fits a CPU"
        )
    net, rows = train(context, _lora.base(context), four_bits=True)
    path = context.out / f"{NAME}.npz"
    save_adapter(path, net.adapter(EMOTIONS, comments.mixing(budget(context).each)))
    return save_card(context.out, card(context, path, rows))
