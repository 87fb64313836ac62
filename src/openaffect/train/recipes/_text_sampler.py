"""Thousands of texts of the model's own, sampled in torch and judged beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._request import TextRequest
from openaffect.generate._steering import arrays_of
from openaffect.generate._wording import MARKUP
from openaffect.generate._write import MARKS
from openaffect.generate.text_fudge import Fudge
from openaffect.generate.text_prompt import Prompting
from openaffect.pipeline.generate_text import text_loader
from openaffect.types import LanguageModel

from ..context import Context
from ..nets.llama_lora import LlamaLora
from ..nets.llama_sampling import PrefixScorer, SamplingParameters, sample
from . import _lora
from ._text_judging import judges
from ._varied import Sample

_JUDGED = 256
"""Texts that are judged at once."""


class TextSampler:
    """Samples texts that go on from openings, and reads what came.

    net: the whole network, with or without pairs. known: the openings. size: texts at once.
    """

    def __init__(
        self, context: Context, found: _lora.Base, net: LlamaLora, known: Sequence[str], size: int
    ) -> None:
        self.context, self.net, self.known, self.size = context, net, known, size
        self.model: LanguageModel = found.model
        self._begins: dict[tuple[int, int, bool], list[int]] = {}

    def begin(self, opening: int, feeling: int, *, headed: bool) -> list[int]:
        """Return the ids of an opening, behind the heading of the strongest intensity or alone."""
        key = opening, feeling, headed
        if key not in self._begins:
            text = self.known[opening]
            request = TextRequest(prompt=text, emotion=EMOTIONS[feeling], intensity=1.0)
            lead = Prompting(self.model).lead(request) if headed else ""
            self._begins[key] = self.model.encode(lead + text)
        return self._begins[key]

    def __call__(
        self,
        asked: Sequence[tuple[int, int]],
        mixing: NDArray[np.float32] | None,
        seed: int,
        length: int,
        *,
        strength: float = 0.0,
    ) -> list[Sample]:
        """Return what comes behind headings, without what cannot be learnt from.

        asked: the numbers of an opening and a feeling, for each text. mixing: the gates of each
        feeling, None for the model alone. length: tokens at most. strength: of the classifier of
        beginnings; 0 leaves it out.
        """
        self.net.eval()
        how = sampling_parameters(self.model, length)
        chance = torch.Generator(self.context.device).manual_seed(seed)
        made: list[Sample] = []
        with judges() as judging:
            waiting = []
            for start in range(0, len(asked), self.size):
                part = asked[start : start + self.size]
                feelings = torch.tensor([feeling for _, feeling in part])
                gates = None if mixing is None else torch.from_numpy(mixing)[feelings]
                begins = [self.begin(*one, headed=True) for one in part]
                scorer = self._scorer(feelings, strength) if strength else None
                ids = sample(self.net, begins, gates, how, chance, scorer)
                texts = [
                    (self.known[one[0]], self.model.decode(some))
                    for one, some in zip(part, ids, strict=True)
                ]
                for at in range(0, len(part), _JUDGED):
                    some = slice(at, at + _JUDGED)
                    waiting.append((part[some], judging(texts[some])))
                self.context.progress("writing", start + len(part), len(asked))
            for number, (part, answer) in enumerate(waiting):
                for (opening, feeling), (text, felt) in zip(part, answer(), strict=True):
                    if text:
                        made.append(Sample(opening, feeling, text, felt[feeling]))
                self.context.progress("judging", number + 1, len(waiting))
        return made

    def _scorer(self, feelings: Tensor, strength: float) -> PrefixScorer:
        loader = text_loader(threads=1)
        arrays = arrays_of(loader.weights(Fudge.card), "samples are steered by the classifier")
        return PrefixScorer(arrays, feelings.to(self.context.device), strength)

    @torch.no_grad()
    def surprised(self, texts: Sequence[Sample]) -> list[Sample]:
        """Return the texts with the nats a token by which they surprise the untouched model."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row].text))
        found = list(texts)
        size = max(self.size // 8, 1)
        for start in range(0, len(order), size):
            part = order[start : start + size]
            ids, wanted = (
                item.to(self.context.device)
                for item in self.padded([(texts[row], False) for row in part])
            )
            values, rows = _lora.log_likelihood(self.net, ids, ids, wanted, None)
            sums = -_lora.by_row(values, rows, len(part)) / wanted.sum(dim=1)
            for row, value in zip(part, sums.cpu().tolist(), strict=True):
                found[row] = replace(texts[row], surprise=value)
        return found

    def padded(self, texts: Sequence[tuple[Sample, bool]]) -> tuple[Tensor, Tensor]:
        """Return (B, S) ids of texts behind their beginnings, and which of them are the text's.

        texts: each with whether its heading stands before it.
        """
        rows = [
            (
                self.begin(item.opening, item.feeling, headed=headed),
                self.model.encode(f" {item.text}"),
            )
            for item, headed in texts
        ]
        ids = nn.utils.rnn.pad_sequence(
            [torch.tensor([*before, *after]) for before, after in rows], batch_first=True
        )
        wanted = torch.zeros(ids.shape, dtype=torch.bool)
        for row, (before, after) in enumerate(rows):
            wanted[row, len(before) : len(before) + len(after)] = True
        return ids, wanted


def sampling_parameters(model: LanguageModel, length: int) -> SamplingParameters:
    """Return how texts are sampled: without markup, to the end of a sentence."""
    single = (model.encode(mark) for mark in MARKS)
    pieces = [model.decode([token]) for token in range(model.vocabulary)]
    breaks = {token for token, piece in enumerate(pieces) if "\n" in piece} - model.ends
    barred = {token for token, piece in enumerate(pieces) if MARKUP.search(piece)}
    return SamplingParameters(
        length,
        tuple(sorted(model.ends)),
        tuple(sorted(breaks)),
        tuple(sorted(barred - breaks - model.ends)),
        tuple(sorted({ids[0] for ids in single if len(ids) == 1})),
    )
