"""Whether a text has the length, formality, persona and tone that were asked for.

    python benchmarks/style.py --out benchmarks/results/style.md

Written by the default model and way of steering, one candidate, the emotion going round the six.
The texts are kept (``--texts``) and not written again. Formality is read off the parts of speech
that spaCy finds (extra ``trees``); persona and tone off the sentence encoder. Neither writes.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from _table import publish

from openaffect.benchmark.text_generation_set import EMOTIONS
from openaffect.generate._defaults import DEFAULT_MODEL
from openaffect.generate._formality import in_formality
from openaffect.generate._request import TextRequest
from openaffect.generate._style import Style
from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap
from openaffect.pipeline.generate_text import text_generator, text_loader
from openaffect.pipeline.rewrite import sentence_similarity
from openaffect.train.trees import PIPELINE
from openaffect.types import need

PROMPTS = (
    "The ferry stopped at the island.", "I opened the window in the kitchen.",
    "Our neighbour brought a box.", "The road to the village was closed.",
    "My cousin wrote to me in May.", "They sold the house by the river.",
    "She waited at the counter.", "The children came home early.",
    "He read the notice on the wall.", "We sat down under the tree.",
    "The carpenter called at noon.", "I took the last bus to town.",
    "The lamp in the hall was on.", "Two men came up the stairs.",
    "My uncle showed us the garden.", "The parcel was from abroad.",
)  # fmt: skip
LENGTHS = (20, 40, 80)
PERSONAS = ("an old sailor", "a ten-year-old girl", "a judge in court", "a farmer")
TONES = ("warm", "dry", "playful", "solemn")
FORMALITIES = ("formal", "informal")
_CONTRACTED = re.compile(r"\w['’](?:t|re|ve|ll|m|d)\b")


def main() -> None:
    """Write what is missing, and the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=Path("runs/style.jsonl"), metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page")
    args = parser.parse_args()
    texts = Texts(args.texts)
    plain = texts(Style())
    formality = {name: texts(Style(formality=name)) for name in FORMALITIES}
    manners = {
        "persona": {name: texts(Style(persona=name)) for name in PERSONAS},
        "tone": {name: texts(Style(tone=name)) for name in TONES},
    }
    lines = [
        "# Length, formality, persona and tone",
        "",
        "Printed by:",
        "",
        "    python benchmarks/style.py --out benchmarks/results/style.md",
        "",
        f"{DEFAULT_MODEL}, the default way of steering; {len(PROMPTS)} beginnings, a text each, "
        "the six emotions in turn at intensity .8. Intervals of 95 %: beginnings drawn again, both "
        "sides of a difference on the same ones.",
        "",
        *length_table(texts),
        *formality_table(plain, formality),
        *manner_table("formality", plain, formality, level=3),
        *(line for what, found in manners.items() for line in manner_table(what, plain, found)),
    ]
    publish("\n".join(lines), args.out)


class Texts:
    """Writes the texts of a style, one a beginning, and keeps them in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = {}
        if path.exists():
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            self._known = {row["key"]: row["text"] for row in rows}
        self._generator: Any = None

    def __call__(self, style: Style, length: int = 40) -> list[str]:
        """Return the texts."""
        return [
            self._text(
                TextRequest(
                    prompt=prompt,
                    emotion=EMOTIONS[place % len(EMOTIONS)],
                    length=length,
                    seed=place,
                    style=style,
                )
            )
            for place, prompt in enumerate(PROMPTS)
        ]

    def _text(self, request: TextRequest) -> str:
        key = json.dumps(request.to_dict(), sort_keys=True)
        if key not in self._known:
            if self._generator is None:
                self._generator = text_generator(threads=1, judged=False)
            *_, last = self._generator(request)
            self._known[key] = last.result.text.strip() or "."
            row = {"key": key, "text": self._known[key]}
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        return self._known[key]


def length_table(texts: Texts) -> list[str]:
    """Tokens asked for and written, counted anew by the model's own tokenizer."""
    model = text_loader(threads=1).weights(DEFAULT_MODEL).language_model()
    lines = [
        "## Length",
        "",
        "`length` is a limit in tokens, behind which a text ends with its sentence.",
        "",
        "| asked for | written | fewest | most | words | ends a sentence |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for length in LENGTHS:
        found = texts(Style(), length)
        tokens = [len(model.encode(text)) for text in found]
        whole = np.mean([text.rstrip("\"'”’)").endswith((".", "!", "?", "…")) for text in found])
        words = np.mean([len(text.split()) for text in found])
        lines.append(
            f"| {length} | {np.mean(tokens):.1f} | {min(tokens)} | {max(tokens)} | {words:.1f} | "
            f"{whole:.0%} |"
        )
    return [*lines, ""]


def formality_table(plain: list[str], styled: dict[str, list[str]]) -> list[str]:
    """The F-score of each formality, of the rule alone on the plain texts, and differences."""
    measure = Formality()
    written = {"no formality": plain, **styled} | {
        f"the rule of {name} alone": [in_formality(text, name) for text in plain] for name in styled
    }
    rows = {name: measure(texts) for name, texts in written.items()}
    lines = [
        "## Formality",
        "",
        "F-score (Heylighen and Dewaele, *Variation in the contextuality of language*, Foundations "
        "of Science 7, 2002): half of 100 and the percentages of nouns, adjectives, prepositions "
        "and articles less those of pronouns, verbs, adverbs and interjections. *The rule alone* "
        "changes the texts that were written without a formality; contractions and everyday words "
        "are the parts of speech that they stand for, so that the score cannot see it. "
        "*Contractions*: a hundred words.",
        "",
        "| asked for | F-score | more than without | contractions |",
        "|---|---|---|---:|",
    ]
    for name, values in rows.items():
        less = "" if name == "no formality" else difference(values, rows["no formality"])
        words = " ".join(written[name])
        short = 100 * len(_CONTRACTED.findall(words)) / len(words.split())
        lines.append(f"| {name} | {interval(values)} | {less} | {short:.1f} |")
    gap = difference(rows["formal"], rows["informal"])
    return [*lines, "", f"Formal less informal: {gap}.", ""]


class Formality:
    """The F-score of texts, by spaCy's parts of speech."""

    def __init__(self) -> None:
        spacy = need("spacy", extra="trees")
        self._pipeline = spacy.load(PIPELINE, exclude=["ner", "parser"])

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Return (N,) F-scores."""
        return np.array([f_score(Counter(self._parts(text))) for text in texts])

    def _parts(self, text: str) -> Iterator[str]:
        for token in self._pipeline(text):
            article = token.pos_ == "DET" and token.lower_ in ("a", "an", "the")
            if token.pos_ not in ("PUNCT", "SPACE", "SYM"):
                yield "ARTICLE" if article else token.pos_


def f_score(parts: Counter[str]) -> float:
    """Return the F-score of counted parts of speech, in [0, 100].

    >>> f_score(Counter(PRON=1, VERB=1, ARTICLE=1, NOUN=1))
    50.0
    """
    deictic = ("PRON", "VERB", "AUX", "ADV", "INTJ")
    formal = ("NOUN", "PROPN", "ADJ", "ADP", "ARTICLE")
    total = max(sum(parts.values()), 1)
    sums = [sum(parts[name] for name in names) for names in (formal, deictic)]
    return 50 + 50 * (sums[0] - sums[1]) / total


def manner_table(
    what: str, plain: list[str], styled: dict[str, list[str]], *, level: int = 2
) -> list[str]:
    """Cosine of texts to what was asked for, beside no manner and the others' texts."""
    encode = sentence_similarity(text_loader(threads=1))
    names = list(styled)
    wanted = encode([_description(what, name) for name in names])

    def cosines(texts: Sequence[str]) -> np.ndarray:
        """Return (N, names)."""
        return np.asarray(encode(texts) @ wanted.T)

    without = cosines(plain)
    found = {name: cosines(texts) for name, texts in styled.items()}
    lines = [
        f"{'#' * level} {what.capitalize()}, by meaning",
        "",
        f"Cosine of a text to the description of the {what}, by the sentence encoder MiniLM: of "
        f"the texts that were to have it, less those without any {what}, and less those of "
        f"the other ones. *Nearest*: share of texts that lie nearest to their own description, "
        f"{1 / len(names):.2f} by chance.",
        "",
        f"| {what} | cosine | less none | less the others | nearest |",
        "|---|---:|---|---|---:|",
    ]
    pooled: list[tuple[np.ndarray, ...]] = []
    for place, name in enumerate(names):
        own, none = found[name][:, place], without[:, place]
        rest = [found[other][:, place] for other in names if other != name]
        others = np.mean(rest, axis=0)
        nearest = (found[name].argmax(1) == place).astype(float)
        pooled.append((own, none, others, nearest))
        lines.append(_manner_row(name, own, none, others, nearest))
    lines.append(_manner_row("all", *(np.mean(part, axis=0) for part in zip(*pooled, strict=True))))
    return [*lines, ""]


def _description(what: str, name: str) -> str:
    if what == "persona":
        return f"The words of {name}."
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name} text."


def _manner_row(
    name: str, own: np.ndarray, none: np.ndarray, others: np.ndarray, nearest: np.ndarray
) -> str:
    return (
        f"| {name} | {own.mean():.3f} | {difference(own, none, 3)} | "
        f"{difference(own, others, 3)} | {nearest.mean():.2f} |"
    )


def interval(values: np.ndarray) -> str:
    """Return a mean with its interval."""
    found = bootstrap_interval(lambda rows: float(values[rows].mean()), len(values))
    return f"{found.value:.1f} [{found.low:.1f}, {found.high:.1f}]"


def difference(first: np.ndarray, second: np.ndarray, digits: int = 1) -> str:
    """Return the paired difference of two means with its interval."""
    found = paired_bootstrap(
        lambda rows: float(first[rows].mean()), lambda rows: float(second[rows].mean()), len(first)
    )
    return f"{found.value:+.{digits}f} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"


if __name__ == "__main__":
    main()
