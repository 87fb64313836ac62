"""The classifier of beginnings by which a language model is steered (FUDGE), from GoEmotions.

Yang and Klein, "FUDGE: Controlled text generation with future discriminators", NAACL 2021: the
label of a whole text is learnt from each of its beginnings. Labels are Ekman's six and neutral as
:data:`~openaffect.generate._felt.FELT` groups them, a text with several counted in equal parts. The
classes' shares are put into the loss (Menon et al., "Long-tail learning via logit adjustment", ICLR
2021), so that the answer has no leaning of its own towards the frequent ones.

Words that name an emotion are taken out of the texts: whoever bans them is otherwise led into words
that merely begin like them, and whoever does not would read little else.

Protocol: the rows of the text recipe, without those words; the choose rows choose the epoch,
validation is looked at once. Baseline in the same run: every emotion equally likely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._labelled_text import LabelledText
from openaffect.generate._defaults import DEFAULT_MODEL as MODEL
from openaffect.generate._emotion import EMOTIONS
from openaffect.generate._felt import FELT
from openaffect.generate._prefix import PrefixClassifier
from openaffect.metrics.classification import unweighted_average_recall
from openaffect.models import CardWeights, card
from openaffect.models.store import Store

from ..classical import save_arrays
from ..context import Context
from ..loop import Fit, Plan, seed_everything
from ..nets.prefix_classifier import PrefixNet
from ..scores import compared
from ..text import pad
from . import text_emotion
from ._steering_card import save_steering_card

NAME = "text-fudge"
HELP = "the classifier of beginnings that steers a language model, GoEmotions"
EPOCHS, BATCH, RATE, LONGEST = 5, 64, 2e-3, 64
WITHIN = 0.3
"""Share of the texts that are read from a word within, as what goes on from a beginning is."""
_NAMED = re.compile(
    r"\b(?:ang(?:er|ry|rily|ered)|mad|furious\w*|fury|rag(?:e|ing)|outrag\w*|annoy\w*|irritat\w*|"
    r"disgust\w*|gross|revolt\w*|repuls\w*|nause\w*|fear\w*|afraid|scar(?:e|es|ed|y|ing)|"
    r"terrif\w*|terror|fright\w*|panic\w*|dread\w*|horrif\w*|horror|happ(?:y|ier|iest|ily|iness)|"
    r"joy\w*|glad\w*|delight\w*|cheerful\w*|pleased|sad(?:ly|der|dest|ness|den\w*)?|sorrow\w*|"
    r"grie[fv]\w*|heartbr\w*|depress\w*|miser\w*|unhapp\w*|surpris\w*|astonish\w*|amaz\w*|"
    r"shock\w*|startl\w*|stun(?:ned|ning)|unexpected\w*|lol+|lmf?ao|rofl|(?:ha){2,}h?|omg|wtf|"
    r"\w*fuck\w*|\w*shit\w*|bitch\w*|cunts?|dicks?|ass(?:hole)?s?|cringe\w*)\b",
    re.IGNORECASE,
)
"""Words that name an emotion, abbreviations and obscenities: a text is to show what it says."""
_MASKS = {"[NAME]": "John", "[RELIGION]": "Christian"}


def run(context: Context) -> Path:
    """Train, measure the file that ships once on validation, write the card."""
    language = CardWeights(card(MODEL), Store()).language_model()
    parts = [
        (token_ids(language, _unnamed(part)), emotion_shares(part))
        for part in text_emotion.split(context)
    ]
    (fit_ids, fit_shares), (choose_ids, choose_shares), (ids, shares) = parts
    seed_everything(context.seed)
    net = PrefixNet(torch.from_numpy(embeddings(MODEL)), len(EMOTIONS)).to(context.device)
    prior = torch.from_numpy(np.log(fit_shares.mean(axis=0))).float()
    plan = Plan(
        epochs=context.epochs or EPOCHS,
        steps=-(-len(fit_ids) // BATCH),
        patience=2,
        average=0.998,
        bfloat16=False,
    )

    def loss(current: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        read, mask, wanted = batch
        chances = (current(read).float() + prior).log_softmax(-1)
        each = -(chances * wanted[:, None, :]).sum(-1)
        return (each * mask).sum() / mask.sum()

    def evaluate(current: nn.Module) -> dict[str, float]:
        assert isinstance(current, PrefixNet)
        arrays = _arrays(current)
        return {"gain": -balanced_loss(PrefixClassifier(arrays), choose_ids, choose_shares)}

    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.01)
    Fit(net, optimizer, plan, context, name=NAME).run(
        lambda epoch: _batches(fit_ids, fit_shares, context.seed, epoch), loss, evaluate, "gain"
    )
    path = context.out / f"{NAME}.npz"
    classifier = PrefixClassifier(save_arrays(path, _arrays(net), byte=("tokens",)))
    return _save(context, path, _rows(classifier, ids, shares))


def embeddings(name: str) -> NDArray[np.float32]:
    """Return the (V, D) token embeddings of a language model's GGUF file."""
    import gguf

    path = CardWeights(card(name), Store()).path("model")
    (tensor,) = (item for item in gguf.GGUFReader(path).tensors if item.name == "token_embd.weight")
    found = gguf.dequantize(tensor.data, tensor.tensor_type)
    return np.ascontiguousarray(found / found.std(), np.float32)


def balanced_loss(
    classifier: PrefixClassifier, ids: Sequence[Sequence[int]], shares: NDArray[np.float32]
) -> float:
    """Return the negative log-probability of the labels, in nats a token, each emotion alike."""
    given = [classifier.beginnings(item).mean(axis=0) for item in ids]
    weight = shares / shares.sum(axis=0)
    return float(-(np.stack(given) * weight).sum() / len(EMOTIONS))


def _unnamed(part: LabelledText) -> LabelledText:
    """Return the texts without words that name an emotion; a text of nothing else keeps them."""
    texts = [" ".join(_NAMED.sub(" ", text).split()) or text for text in part.texts]
    return replace(part, texts=tuple(texts))


def token_ids(language: Any, part: LabelledText) -> list[list[int]]:
    """Return the tokens of each text, as they stand behind other words."""
    found = []
    for text in part.texts:
        for mask, word in _MASKS.items():
            text = text.replace(mask, word)
        found.append(language.encode(" " + text.strip())[:LONGEST])
    return found


def emotion_shares(part: LabelledText) -> NDArray[np.float32]:
    """Return the (N, 7) shares of the emotions in each text's labels."""
    groups = np.stack(
        [
            part.labels[:, [part.scheme.index(label) for label in FELT[name]]]
            .max(axis=1)
            for name in EMOTIONS
        ],
        axis=1,
    )  # fmt: skip
    return np.asarray(groups / groups.sum(axis=1, keepdims=True), np.float32)


def _batches(
    ids: Sequence[Sequence[int]], shares: NDArray[np.float32], seed: int, epoch: int
) -> Iterator[tuple[Tensor, ...]]:
    """One epoch of (ids, mask, shares) of similar length, in random order."""
    generator = np.random.default_rng([seed, epoch])
    lengths = np.array([len(item) for item in ids])
    order = np.argsort(lengths + generator.uniform(-2, 2, len(ids)), kind="stable")
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    for group in (groups[index] for index in generator.permutation(len(groups))):
        cut = []
        for row in group.tolist():
            within = generator.random() < WITHIN
            cut.append(ids[row][int(generator.integers(len(ids[row]) // 2 + 1)) if within else 0 :])
        read, mask = pad(cut)
        yield read, mask.float(), torch.from_numpy(shares[group])


def _arrays(net: PrefixNet) -> dict[str, NDArray[Any]]:
    held = net.state_dict()
    names = {
        "input": "recurrent.weight_ih_l0", "recurrent": "recurrent.weight_hh_l0",
        "input_bias": "recurrent.bias_ih_l0", "recurrent_bias": "recurrent.bias_hh_l0",
        "output": "output.weight", "output_bias": "output.bias",
    }  # fmt: skip
    parts = {"tokens": net.read_tokens(), **{name: held[key] for name, key in names.items()}}
    return {name: value.detach().float().cpu().numpy() for name, value in parts.items()}


def _rows(
    classifier: PrefixClassifier, ids: Sequence[Sequence[int]], shares: NDArray[np.float32]
) -> list[dict[str, Any]]:
    """Return the card's figures: how well single-labelled texts are told, half-read and whole."""
    single = np.flatnonzero(shares.max(axis=1) == 1)
    truth = shares[single].argmax(axis=1)
    commonest = np.full(len(truth), np.bincount(truth).argmax())
    recall = partial(unweighted_average_recall, classes=len(EMOTIONS))
    rows = []
    for told, share in (("the first half", 0.5), ("the whole", 1.0)):
        answers = [classifier.beginnings(ids[row]) for row in single.tolist()]
        guess = np.array([item[max(int(share * len(item)), 1) - 1].argmax() for item in answers])
        rows.append(
            compared(
                recall,
                truth,
                guess,
                commonest,
                data=f"GoEmotions validation, {len(single)} rows of one emotion, names of "
                f"emotions left out, {told} read",
                name="unweighted average recall, ekman7",
                baseline="commonest emotion",
                resamples=1000,
            )
        )
    rows.append(
        {
            "data": f"GoEmotions validation, {len(ids)} rows, every beginning",
            "measure": "negative log-probability in nats, each emotion alike",
            "value": round(balanced_loss(classifier, ids, shares), 4),
            "baseline": {"name": "equally likely", "value": round(float(np.log(7)), 4)},
        }
    )
    return rows


def _save(context: Context, path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    return save_steering_card(
        context,
        path,
        name=NAME,
        task="text.prefix",
        facts={"language_model": MODEL},
        material=("Token embeddings of SmolLM2-135M-Instruct (Apache-2.0), projected",),
        paper="Yang and Klein, 2021, FUDGE: Controlled text generation with future "
        "discriminators, NAACL",
        scores=rows,
        limits=(
            "English; reads the tokens of one language model and fits no other",
            "Trained on Reddit comments: happiness leans towards praise and thanks",
        ),
        device=context.device,
    )
