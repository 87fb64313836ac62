"""Lines of dialogues as vectors in their order: learnt, answered, cut into folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from openaffect.data._dataset import Item

from ..loop import seed_everything
from ..nets.dialogue import DialogueNet

RATE = 2e-3
_PACK = {True: 16, False: 128}
"""Dialogues, or lines by themselves, a step: about as many lines in both."""
_TELLING = 4
"""Words from which on a line that occurs twice ties its dialogues together."""
Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


class Lines:
    """Lines in the order of their dialogues: vectors (N, F), labels (N,), speakers, texts."""

    def __init__(self, items: Sequence[Item], vectors: Vectors, labels: Sequence[str]) -> None:
        self.vectors = vectors
        self.label = np.array([labels.index(item.label) for item in items])
        self.speaker = np.unique([item.subject for item in items], return_inverse=True)[1]
        self.text = np.array([_folded(item.text or "") for item in items])
        dialogue = [item.extra["dialogue"] for item in items]
        starts = [row for row in range(len(items)) if not row or dialogue[row] != dialogue[row - 1]]
        self.dialogues = [
            np.arange(start, end)
            for start, end in zip(starts, [*starts[1:], len(items)], strict=True)
        ]

    @property
    def groups(self) -> Rows:
        """The number of each line's dialogue."""
        return np.repeat(np.arange(len(self.dialogues)), [len(part) for part in self.dialogues])


def fit(
    lines: Lines,
    dialogues: Sequence[Rows],
    judged: NDArray[Any],
    seed: int,
    *,
    aware: bool,
    classes: int,
    epochs: int,
) -> DialogueNet:
    """Train one net on these dialogues, or on each of their lines by itself.

    judged: texts that answers will be judged on. A line that says the same is read, not learnt.
    """
    seed_everything(seed)
    label = np.where(np.isin(lines.text, judged), -1, lines.label)
    pieces = _pieces(dialogues, aware)
    net = DialogueNet(lines.vectors.shape[1], classes)
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    size = _PACK[aware]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=epochs * -(-len(pieces) // size)
    )
    random = np.random.default_rng(seed)
    net.train()
    for _ in range(epochs):
        order = random.permutation(len(pieces))
        for start in range(0, len(order), size):
            place, inputs, speaker = _packed(
                lines, [pieces[number] for number in order[start : start + size]]
            )
            wanted = torch.from_numpy(np.where(place < 0, -1, label[place]))
            if bool((wanted < 0).all()):
                continue
            loss = torch.nn.functional.cross_entropy(
                net(inputs, speaker).flatten(0, 1), wanted.flatten(), ignore_index=-1
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()


@torch.no_grad()
def answers(
    net: Callable[..., torch.Tensor], lines: Lines, dialogues: Sequence[Rows], *, aware: bool
) -> dict[int, NDArray[Any]]:
    """Return (K,) logits or probabilities, as the net has them, by line."""
    pieces = _pieces(dialogues, aware)
    found: dict[int, NDArray[Any]] = {}
    for start in range(0, len(pieces), 256):
        place, inputs, speaker = _packed(lines, pieces[start : start + 256])
        scores = net(inputs, speaker).numpy()
        found.update(zip(place[place >= 0].tolist(), scores[place >= 0], strict=True))
    return found


def probabilities(
    nets: Sequence[DialogueNet], lines: Lines, dialogues: Sequence[Rows], *, aware: bool
) -> NDArray[np.float64]:
    """(M, K) mean probabilities of the nets for the M lines of these dialogues, in order."""
    total: NDArray[np.float64] = np.zeros(())
    for net in nets:
        found = answers(net, lines, dialogues, aware=aware)
        logits = torch.from_numpy(np.stack([found[row] for row in np.concatenate(dialogues)]))
        total = total + torch.softmax(logits, -1).numpy()
    return total / len(nets)


def folds(lines: Lines, count: int) -> list[NDArray[np.bool_]]:
    """Masks (D,) of ``count`` folds of whole dialogues.

    Dialogues that share a line of four words or more lie in one fold.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    texts, number = np.unique(lines.text, return_inverse=True)
    telling = np.array([len(text.split()) >= _TELLING for text in texts])[number]
    many, size = len(lines.dialogues), len(lines.dialogues) + len(texts)
    ties = coo_matrix(
        (np.ones(telling.sum()), (lines.groups[telling], many + number[telling])), (size, size)
    )
    tied = connected_components(ties, directed=False)[1][:many]
    names, part = np.unique(tied, return_inverse=True)
    place = np.random.default_rng(0).permutation(len(names)) % count
    return [place[part] == fold for fold in range(count)]


def _folded(text: str) -> str:
    """Return the words of a text in one case, without marks."""
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(plain.split())


def _pieces(dialogues: Sequence[Rows], aware: bool) -> list[Rows]:
    """The dialogues, or each of their lines as one."""
    return list(dialogues) if aware else [row[None] for part in dialogues for row in part]


def _packed(lines: Lines, pieces: Sequence[Rows]) -> tuple[Rows, torch.Tensor, torch.Tensor]:
    """(D, T) lines, -1 past the end, (D, T, F) vectors and (D, T) numbers of speakers."""
    place = np.full((len(pieces), max(len(rows) for rows in pieces)), -1)
    for number, rows in enumerate(pieces):
        place[number, : len(rows)] = rows
    inputs = lines.vectors[place] * (place >= 0)[..., None]
    speaker = lines.speaker[place].astype(np.float32)
    return place, torch.from_numpy(inputs.astype(np.float32)), torch.from_numpy(speaker)
