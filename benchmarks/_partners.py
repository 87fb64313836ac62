"""The partners that `empathetic_replies.py` sets side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from openaffect import load
from openaffect.data._replies import Reply
from openaffect.generate._defaults import DEFAULT_MODEL
from openaffect.generate._dialogue import Heard, ReplyRequest, Turn
from openaffect.generate._emotion import parse
from openaffect.generate._language_partner import ModelPartner
from openaffect.generate._partner import Resources
from openaffect.generate._steering import Steering
from openaffect.generate._word_net import WordNet
from openaffect.generate.reply_language import LanguagePartner
from openaffect.generate.reply_lora import AdaptedPartner
from openaffect.generate.reply_retrieval import RetrievalPartner
from openaffect.generate.text_plain import Plain
from openaffect.models import card as card_of
from openaffect.models.catalogue import Catalogue, read_card
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.pipeline.hearing import Ear
from openaffect.preprocess.text_treebank import treebank_words

NETS = ("reply-escm", "reply-seq2seq", "text-lstm", "text-rnn", "text-gan")
TEMPERATURE, TOP, LENGTH = 0.7, 0.9, 40
UNHEARD = Heard("", 0.0, "empathetic32", {}, "nobody")
RECOGNISER = "text-situation"
PROMPTED, LORA = "language model, prompted", "language model, reply-lora"
STOCK = "Oh no, I'm sorry to hear that."


@dataclass(frozen=True, slots=True)
class Told:
    """What a partner makes of one dialogue.

    reply: one draft. surprise: log-probability of what the person answered and how many words that
    has; None where there is no such figure. emotion: heard in what was said, and in the situation
    as it was written down beforehand; empty for none.
    """

    reply: str = ""
    surprise: tuple[float, int] | None = None
    emotion: tuple[str, str] | None = None


Partner = Callable[[Reply, int], Told]
"""A dialogue and a seed to what is told."""


def weights_of(name: str, runs: Path) -> CardWeights | None:
    """Return the weights of a run of the recipe, or those installed; None for neither."""
    path = runs / name / f"{name}.json"
    if path.is_file():
        card = read_card(path)
        catalogue = Catalogue({name: card}, {name: path.parent})
        return CardWeights(card, Store(runs / "cache", offline=True, catalogue=catalogue))
    try:
        return CardWeights(card_of(name), Store())
    except LookupError:
        return None


def net_partner(name: str, weights: CardWeights) -> Partner:
    """A net that writes word by word; those of ``text-`` are told the true emotion instead."""
    net = WordNet(weights)
    knows = name.startswith("text-")

    def tell(one: Reply, seed: int) -> Told:
        emotion = one.emotion if knows else ""
        text = net.write(
            one.said, one.roles, np.random.default_rng(seed), emotion=emotion,
            longest=LENGTH, temperature=TEMPERATURE, top=TOP,
        )  # fmt: skip
        heard = None
        if not knows:
            asked = ((one.said, one.roles), ([one.situation], ["speaker"]))
            places = [int(net.emotions(*what).argmax()) for what in asked]
            heard = net.words.emotions[places[0]], net.words.emotions[places[1]]
        return Told(text, net.log_probability(one.said, one.roles, one.answer, emotion), heard)

    return tell


def request(one: Reply, seed: int) -> ReplyRequest:
    """Ask for one draft."""
    turns = tuple(Turn(role, text) for role, text in zip(one.roles, one.said, strict=True))
    return ReplyRequest(
        dialogue=turns, ours="listener", intensity=0, length=LENGTH, candidates=1, seed=seed,
        temperature=TEMPERATURE, top=TOP,
    )  # fmt: skip


def last(offers: Iterable[Any]) -> str:
    """Return the draft that was offered last."""
    *_, drafts = offers
    return str(drafts[0])


def retrieval_partner(weights: CardWeights) -> Partner:
    """The answer to the nearest context."""
    encoder = CardWeights(card_of("minilm-l6"), Store()).open("sentences")
    partner = RetrievalPartner(Resources(lambda: Steering(None), lambda: encoder, weights))  # type: ignore[arg-type]
    return lambda one, seed: Told(last(partner.respond(request(one, seed), UNHEARD)))


def recogniser() -> Partner:
    """The shipped recogniser of what a talk is about, which does not answer."""
    found = load(RECOGNISER)

    def tell(one: Reply, seed: int) -> Told:
        lines = list(zip(one.roles, one.said, strict=True))
        scores = found.lines(lines, len(lines) - 1).scores[0], found([one.situation]).scores[0]
        names = [found.card.labels[int(row.argmax())] for row in scores]
        return Told(emotion=(names[0], names[1]))

    return tell


class Once:
    """A language model that does not read the same beginning twice in a row."""

    def __init__(self, model: Any) -> None:
        self._model, self._begun = model, (np.zeros(0), None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def read(self, ids: np.ndarray, state: Any = None, **more: Any) -> Any:
        if state is not None:
            return self._model.read(ids, state, **more)
        if not np.array_equal(ids, self._begun[0]):
            self._begun = ids, self._model.read(ids, **more)
        return self._begun[1]


def language_partner(partner: ModelPartner, ear: Ear) -> Partner:
    """A partner that replies through the language model, told what is heard as in use."""
    steering = partner.steering
    model = steering.model = Once(steering.model)  # type: ignore[assignment]
    (target,) = parse("neutral")

    def tell(one: Reply, seed: int) -> Told:
        asked = request(one, seed)
        heard = ear(asked)
        text = last(partner.respond(asked, heard))
        total, state = 0.0, None
        ids = model.chat(partner.messages(asked, heard))
        for token in model.encode(one.answer.strip()):
            scores = steering.read(np.array([ids]), state, target, 1.0)
            logits, state, ids = scores.logits[0].astype(np.float64), scores.state, [token]
            total += float(logits[token] - np.logaddexp.reduce(logits))
        return Told(text, (total, len(treebank_words(one.answer))))

    return tell


def language_partners(runs: Path) -> Iterator[tuple[str, Partner]]:
    """Yield the language model, told how to listen, and the same with the adapter for replies."""
    ear = Ear(load(RECOGNISER), load("text.emotion"))

    def resources(weights: CardWeights | None) -> Resources:
        model = CardWeights(card_of(DEFAULT_MODEL), Store()).language_model()
        return Resources(lambda: Plain(model), lambda: None, weights)  # type: ignore[arg-type,return-value]

    yield PROMPTED, language_partner(LanguagePartner(resources(None)), ear)
    if weights := weights_of("reply-lora", runs):
        yield LORA, language_partner(AdaptedPartner(resources(weights)), ear)


def kept(folder: Path | None, name: str, partner: Partner, dialogues: list[Reply]) -> list[Told]:
    """Ask a partner of every dialogue; what was told is kept, so that a run can be taken up."""
    path = None if folder is None else folder / f"{name}.jsonl"
    told: list[Told] = []
    if path is not None and path.is_file():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        told = [Told(row[0], *(tuple(part) if part else None for part in row[1:])) for row in rows]
    for seed in range(len(told), len(dialogues)):
        one = partner(dialogues[seed], seed)
        told.append(one)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps([one.reply, one.surprise, one.emotion]) + "\n")
    return told[: len(dialogues)]


def partners(runs: Path, examples: list[Reply], *, language: bool) -> dict[str, Partner]:
    """Return the partners that can be had, by the name of their row."""
    order = np.random.default_rng(1).permutation(len(examples))
    found: dict[str, Partner] = {
        "a person": lambda one, seed: Told(one.answer),
        "a person, to someone else": lambda one, seed: Told(examples[order[seed]].answer),
        "always the same": lambda one, seed: Told(STOCK),
    }
    if weights := weights_of("reply-retrieval", runs):
        found["retrieval"] = retrieval_partner(weights)
    for name in NETS:
        if weights := weights_of(name, runs):
            found[name] = net_partner(name, weights)
    if language:
        found.update(language_partners(runs))
    found[RECOGNISER] = recogniser()
    return found
