"""Settings of the default way of steering text, side by side, on beginnings made for this choice.

    python benchmarks/text_steering.py --strength 6 --choice 8 --tries 4 --intensities 0,.5,1

prints, for each intensity, what the choice rests on: share of texts whose best of the six emotions
is the one asked for, and the mean share of that emotion, both by ``text-emotion``, *which steers
too*; perplexity under the model alone, given the beginning; distinct-2 and self-BLEU of sets of one
text a beginning, mean over emotions and seeds; words a text; tokens a second of processor time, all
texts of a beginning written side by side. No judge of ``openaffect benchmark text-generation`` and
none of its beginnings is looked at. ``--show`` prints texts.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from openaffect.benchmark.text_generation_set import BANNED, EMOTIONS
from openaffect.generate import text_guided
from openaffect.generate._defaults import DEFAULT_MODEL
from openaffect.generate._felt import shares
from openaffect.generate._request import TextRequest
from openaffect.generate._steering import Steering
from openaffect.generate._write import write
from openaffect.metrics.text_diversity import distinct_2, self_bleu
from openaffect.pipeline.generate_text import steering, text_loader

PROMPTS = (
    "The boat left the harbour at six.", "I put the kettle on.",
    "My cousin wrote to me from Leeds.", "They painted the fence last week.",
    "She waited at the bank.", "We had lunch in the garden.", "The car stopped at the bridge.",
    "Someone left a bag in the corridor.", "He turned the radio on.", "I went back to the village.",
    "The nurse came in with a form.", "Our team met in the small room.",
)  # fmt: skip


def main() -> None:
    """Write the texts and print a line of JSON for each intensity."""
    args = _asked()
    loader = text_loader(threads=1)
    language = loader.weights(DEFAULT_MODEL).language_model()
    way = steering(loader, language, args.method)
    if args.method == "guided":
        guided: Any = type(way)
        guided.strength, guided.tries = args.strength, args.tries
        text_guided._CHOICE = args.choice
    adviser = loader.load("text.emotion")
    for intensity in args.intensities:
        begun = time.process_time()
        sets = [_set(way, args, emotion, intensity) for emotion in _wanted(intensity)]
        spent = time.process_time() - begun
        perplexity = _perplexity(language, sets, args)
        if intensity == 0:
            sets = sets * len(EMOTIONS)
            spent *= len(EMOTIONS)
        every = [text for some in sets for texts in some for text in texts]
        found = shares(adviser(every))[:, :6]
        asked = np.repeat(np.arange(len(sets)), len(every) // len(sets))
        hit = [
            float((found[asked == place].argmax(axis=1) == place).mean())
            for place in range(len(sets))
        ]
        across = [list(texts) for some in sets for texts in zip(*some, strict=True)]
        row = {
            "intensity": intensity,
            "hit": round(float(np.mean(hit)), 3),
            "share": round(float(found[np.arange(len(every)), asked].mean()), 3),
            "perplexity": round(perplexity, 2),
            "distinct-2": round(float(np.mean([distinct_2(_cut(some)) for some in across])), 3),
            "self-BLEU": round(float(np.mean([self_bleu(some) for some in across])), 2),
            "words": round(float(np.mean([len(text.split()) for text in every])), 1),
            "tokens/s": round(sum(len(language.encode(text)) for text in every) / spent, 1),
            "by emotion": dict(zip(EMOTIONS, np.round(hit, 2).tolist(), strict=False)),
        }
        print(json.dumps(row), flush=True)
        for emotion, some in zip(EMOTIONS, sets, strict=False):
            for texts in some:
                for text in texts[: args.show]:
                    print(f"  {emotion}: {text}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", default="guided")
    parser.add_argument("--strength", type=float, default=text_guided.Guided.strength)
    parser.add_argument("--choice", type=float, default=text_guided._CHOICE)
    parser.add_argument("--tries", type=int, default=text_guided.Guided.tries)
    parser.add_argument("--prompts", type=int, default=len(PROMPTS))
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--length", type=int, default=40)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument(
        "--intensities", type=lambda text: [float(part) for part in text.split(",")], default=[0, 1]
    )
    return parser.parse_args()


def _wanted(intensity: float) -> Sequence[str]:
    """Return the emotions; the model alone is asked once."""
    return EMOTIONS if intensity else EMOTIONS[:1]


def _set(
    way: Steering, args: argparse.Namespace, emotion: str, intensity: float
) -> list[tuple[str, ...]]:
    """Return the texts of each beginning, a seed each."""
    found = []
    for prompt in PROMPTS[: args.prompts]:
        request = TextRequest(
            prompt=prompt, emotion=emotion, intensity=intensity, length=args.length,
            candidates=args.seeds, banned=BANNED,
        )  # fmt: skip
        *_, drafts = write(way, request)
        found.append(tuple(draft.text.strip() or "." for draft in drafts))
    return found


def _perplexity(language: Any, sets: Sequence[Any], args: argparse.Namespace) -> float:
    total, count = 0.0, 0
    for some in sets:
        for prompt, texts in zip(PROMPTS, some, strict=False):
            before = len(language.encode(prompt))
            for text in texts[:2]:
                found = language.log_probabilities(f"{prompt} {text}")[before:]
                total, count = total - float(found.sum()), count + len(found)
    return math.exp(total / max(count, 1))


def _cut(texts: Sequence[str]) -> list[str]:
    """Return 20 words of each text at most, so that length does not decide."""
    return [" ".join(text.split()[:20]) for text in texts]


if __name__ == "__main__":
    main()
