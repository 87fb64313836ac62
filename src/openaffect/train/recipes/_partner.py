"""What the recipes of partners in dialogue share: examples, the fit, the exported graph, the card.

Protocol: the official training conversations of EmpatheticDialogues, less those that share their
situation or beginning with validation; one in twenty chooses when to stop. The examples are the
answers of listeners, each with all that was said before. Validation is looked at once, for the
card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openaffect.data._replies import Reply, held_back, replies, unlike
from openaffect.data._tables import data_root
from openaffect.data.empathetic_dialogues import DATASET
from openaffect.generate._words import Words
from openaffect.models.backends.onnx import load as load_onnx
from openaffect.types import Card, Session

from ..cards import FORBIDDEN, machine, parity_row, save_card, weight_file
from ..context import Context, save_json
from ..export import export, parity, quantise_dynamic
from ..loop import Fit, Plan, seed_everything
from ..nets.words import Batch
from ..row_quantisation import quantise_by_row
from ..words import Encoded, batches, pad, word_vectors, words_of

SIZE = 64
PARTS = 4
"""A pass over the examples is measured and saved this often."""
RATE = 2e-3
CHOOSING = 512
LICENCE = "CC-BY-NC-4.0"
DATA = "EmpatheticDialogues training split (CC BY-NC 4.0, Rashkin et al., ACL 2019)"
WORDS = "GloVe 6B, 50 dimensions (PDDL 1.0), as the words to begin with"


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Examples to fit and to choose by, those to judge by, and the words of the first."""

    words: Words
    fit: list[Reply]
    choose: list[Reply]
    judge: list[Reply]


def material(context: Context) -> Material:
    """Read the corpus."""
    root = data_root(context.root)
    judge = replies(DATASET.items(root, split="valid"))
    fit, choose = held_back(unlike(replies(DATASET.items(root, split="train")), judge), 0.05)
    return Material(words_of(fit), fit, choose, judge)


def first_vectors(context: Context, words: Words) -> Tensor:
    """(V, WIDTH) vectors of the words to begin with."""
    return word_vectors(words.vocabulary, context.seed, context.progress)


def fitted(
    context: Context,
    net: nn.Module,
    fit: Sequence[Encoded],
    choose: Sequence[Encoded],
    *,
    name: str,
    passes: float,
    rate: float = RATE,
) -> nn.Module:
    """Train for that many passes over the examples; return the net at its best on ``choose``.

    ``context.epochs`` counts quarters of a pass.
    """
    seed_everything(context.seed)
    plan = Plan(
        epochs=context.epochs or round(passes * PARTS),
        steps=max(1, -(-len(fit) // SIZE) // PARTS),
        average=0.99,
    )

    def evaluate(current: nn.Module) -> dict[str, float]:
        total = [
            float(current.loss(pad(choose[start : start + SIZE])))  # type: ignore[operator]
            for start in range(0, min(len(choose), CHOOSING), SIZE)
        ]
        return {"fit": -float(np.mean(total))}

    Fit(
        net.to(context.device),
        torch.optim.AdamW(net.parameters(), rate, weight_decay=0.01, fused=True),
        plan,
        context,
        name=name,
    ).run(
        lambda epoch: batches(fit, SIZE, context.seed, epoch, PARTS),
        lambda current, batch: current.loss(Batch(*batch)),  # type: ignore[operator]
        evaluate,
        "fit",
    )
    return net.eval().to("cpu")


class Answering(nn.Module):
    """What is exported: words so far to log-probabilities of the next, and the emotion's chances.

    The context has one row, the answers N. ``normal`` says that the net's first answer holds
    log-probabilities already.
    """

    def __init__(self, net: nn.Module, normal: bool) -> None:
        super().__init__()
        self.net, self.normal = net, normal

    def forward(
        self, context: Tensor, roles: Tensor, turns: Tensor, answer: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(1, C) three times and (1, T) -> (1, T, V) and (1, K)."""
        scores, emotion = self.net(context, roles, turns, answer)
        return scores if self.normal else scores.log_softmax(-1), emotion.softmax(-1)


def export_partner(
    net: nn.Module, out: Path, name: str, *, normal: bool, keep: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Write the net as float32 and as int8 ONNX; layers called ``keep`` stay in float32."""
    example = [torch.ones(1, 5, dtype=torch.int64) for _ in range(4)]
    names = ["context", "roles", "turns", "answer"]
    full = export(
        Answering(net, normal),
        example,
        out / f"{name}.float32.onnx",
        inputs=names,
        outputs=["scores", "emotion"],
        dynamic={
            **{key: {1: "said"} for key in names[:3]},
            "answer": {1: "written"},
            "scores": {1: "written"},
        },
    )
    exclude = [f"/net/{layer}/{kind}" for layer in keep for kind in ("MatMul", "Gemm_MatMul")]
    return full, quantise_by_row(quantise_dynamic(full, out / f"{name}.onnx", exclude=exclude))


def feeds(session: Session, words: Words, example: Reply) -> dict[str, NDArray[Any]]:
    """What an exported graph is given to score an answer; a net may not look at the turns."""
    context, roles, turns = words.context(example.said, example.roles)
    answer = words.answer(example.answer)[:-1]
    values = {"context": context, "roles": roles, "turns": turns, "answer": answer}
    return {key: values[key][None] for key in session.inputs}


def parity_rows(full: Path, small: Path, words: Words, examples: Sequence[Reply]) -> list[Any]:
    """How far int8 is from float32: chances of the emotions, and of the answers' last words."""
    found: list[list[tuple[NDArray[Any], NDArray[Any]]]] = []
    for path in (full, small):
        session = load_onnx(str(path), threads=1)
        found.append([])
        for example in examples:
            answer = session.run(feeds(session, words, example))
            found[-1].append((answer["emotion"][0], np.exp(answer["scores"][0, -1])))
    rows = []
    for place, what in enumerate(("emotion", "word to come")):
        tables = [np.stack([row[place] for row in rows_of]) for rows_of in found]
        rows.append(dict(parity_row(f"float32 to int8, {what}", parity(*tables))))
    return rows


def partner_card(
    context: Context,
    name: str,
    files: Sequence[tuple[str, Path]],
    words: Words,
    scores: Sequence[dict[str, Any]],
    *,
    paper: str,
    more_data: Sequence[str] = (),
    limits: Sequence[str] = (),
    device: str = "cpu",
) -> Path:
    """Write the card of a partner that was trained here, on ``device``, its words beside it."""
    place = context.out / f"{name}.words.json"
    save_json(place, words.to_dict())
    return save_card(
        context.out,
        Card(
            name=name,
            task="text.reply",
            modality="text",
            scheme="empathetic32",
            labels=words.emotions,
            files=tuple(weight_file(role, path) for role, path in (*files, ("words", place))),
            preprocessing={
                "words": len(words.vocabulary),
                "longest_context": words.longest_context,
                "longest_answer": words.longest_answer,
            },
            licence=LICENCE,
            commercial=False,
            training_data=(DATA, WORDS, *more_data),
            paper=paper,
            provenance=f"openaffect train {name}, seed {context.seed}, {machine(device)}",
            scores=tuple(scores),
            limits=(
                "English small talk of crowd workers about a situation; short, often stock answers",
                "It does not know facts, and does not understand what it is told",
                "No help in distress: it may answer a cry for help with a platitude",
                *limits,
            ),
            intended_use=("Research on dialogue, by people who know that a machine answers",),
            forbidden_use=(
                "Counselling, therapy or crisis support",
                "Passing its answers off as a person's",
                *FORBIDDEN,
            ),
            rank=10,
        ),
    )
