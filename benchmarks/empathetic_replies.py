"""Partners in dialogue side by side: emotion, perplexity, diversity, overlap, empathy.

    python benchmarks/empathetic_replies.py --data DATA --runs RUNS --language \
        --out benchmarks/results/empathetic-replies.md

RUNS holds a folder for each recipe that was run, named as the recipe is. The dialogues are one
answer of each of so many conversations of EmpatheticDialogues' validation part, drawn by the seed.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from _partners import (
    LENGTH,
    LORA,
    PROMPTED,
    RECOGNISER,
    TEMPERATURE,
    TOP,
    Told,
    kept,
    partners,
)
from _table import publish

from openaffect.data._replies import Reply, one_each, replies
from openaffect.data.empathetic_dialogues import DATASET
from openaffect.metrics.bootstrap import bootstrap_interval, paired_bootstrap
from openaffect.metrics.rater_agreement import cohens_kappa
from openaffect.metrics.text_diversity import distinct
from openaffect.metrics.text_empathy import EmpathyLevels, emotion_match, empathy_levels
from openaffect.metrics.text_empathy_cues import (
    emotional_reactions,
    explorations,
    interpretations,
)
from openaffect.metrics.text_overlap import bleu_report, rouge_l
from openaffect.preprocess.text_treebank import treebank_words

RATED = Path(__file__).with_name("empathy_levels.csv")
JUDGES = {
    "emotional_reactions": emotional_reactions,
    "interpretations": interpretations,
    "explorations": explorations,
}


def judged(dialogues: Sequence[Reply], told: Sequence[Told]) -> EmpathyLevels:
    return empathy_levels(
        [one.said[-1] for one in dialogues], [one.reply for one in told], **JUDGES
    )


def total_of(levels: EmpathyLevels) -> np.ndarray:
    return levels.emotional_reactions + levels.interpretations + levels.explorations


def moods() -> Callable[[Sequence[str]], list[str]]:
    """Name the strongest of seven emotions in a text, by the recogniser that ships."""
    from openaffect import load
    from openaffect.types.mappings import GOEMOTIONS_TO_EKMAN

    recognizer = load("text.emotion")

    def name(texts: Sequence[str]) -> list[str]:
        timeline = GOEMOTIONS_TO_EKMAN.apply(recognizer(list(texts))).timeline
        return [timeline.scheme.labels[place] for place in timeline.scores.argmax(axis=1)]

    return name


def perplexity(told: Sequence[Told]) -> str:
    if any(one.surprise is None for one in told):
        return "–"
    total, words = np.array([one.surprise for one in told]).T
    found = bootstrap_interval(
        lambda rows: math.exp(-total[rows].sum() / words[rows].sum()), len(told)
    )
    return f"{found.value:.1f} [{found.low:.1f}, {found.high:.1f}]"


def reply_table(dialogues: Sequence[Reply], answers: dict[str, list[Told]]) -> list[str]:
    human = [one.answer for one in dialogues]
    mood = moods()
    lines = [
        "| partner | perplexity a word | words | distinct-1 | distinct-2 | BLEU | ROUGE-L | "
        "mood of the person's answer | reactions | interpretations | explorations | "
        "sum of the three |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, told in answers.items():
        if name == RECOGNISER:
            continue
        texts = [one.reply or "." for one in told]
        levels = judged(dialogues, told)
        means, total = levels.means(), total_of(levels)
        found = bootstrap_interval(lambda rows, total=total: float(total[rows].mean()), len(total))
        cells = [
            name,
            perplexity(told),
            f"{np.mean([len(treebank_words(text)) for text in texts]):.1f}",
            f"{distinct(texts, order=1, words=treebank_words):.3f}",
            f"{distinct(texts, order=2, words=treebank_words):.3f}",
            f"{bleu_report(human, texts, lowercase=True).score:.2f}",
            f"{rouge_l(human, texts):.3f}",
            f"{emotion_match(human, texts, emotions=mood):.3f}",
            f"{means.emotional_reactions:.2f}",
            f"{means.interpretations:.2f}",
            f"{means.explorations:.2f}",
            f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def emotion_table(dialogues: Sequence[Reply], answers: dict[str, list[Told]]) -> list[str]:
    truth = np.array([one.emotion for one in dialogues])
    lines = ["| heard by | from the dialogue | from the situation |", "| --- | --- | --- |"]
    for name, told in answers.items():
        if told[0].emotion is None:
            continue
        cells = []
        for right in (np.array([one.emotion for one in told]) == truth[:, None]).T:
            found = bootstrap_interval(lambda rows, hit=right: float(hit[rows].mean()), len(right))
            cells.append(f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]")
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    often = max(np.mean(truth == name) for name in set(truth))
    lines.append(f"| always the most frequent one here | {often:.3f} | {often:.3f} |")
    return lines


def difference(
    first: Callable[[np.ndarray], float], second: Callable[[np.ndarray], float], count: int
) -> str:
    gap = paired_bootstrap(first, second, count)
    return f"{gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}], p {gap.p:.3f}"


def compared(dialogues: Sequence[Reply], first: list[Told], second: list[Told]) -> list[str]:
    """Cells of the paired differences of two partners: perplexity, levels, emotion."""
    count, cells = len(dialogues), ["–"] * 3
    if first[0].surprise and second[0].surprise:
        sides = [np.array([told.surprise for told in side]).T for side in (first, second)]
        cells[0] = difference(
            *(
                lambda rows, side=side: math.exp(-side[0][rows].sum() / side[1][rows].sum())
                for side in sides
            ),
            count,
        )
    if any(one.reply for one in first) and any(one.reply for one in second):
        totals = [total_of(judged(dialogues, side)) for side in (first, second)]
        cells[1] = difference(
            *(lambda rows, total=total: float(total[rows].mean()) for total in totals), count
        )
    if first[0].emotion and second[0].emotion:
        truth = np.array([example.emotion for example in dialogues])
        hits = [np.array([told.emotion[0] for told in side]) == truth for side in (first, second)]
        cells[2] = difference(
            *(lambda rows, hit=hit: float(hit[rows].mean()) for hit in hits), count
        )
    return cells


def difference_table(
    dialogues: Sequence[Reply], answers: dict[str, list[Told]], pairs: Sequence[tuple[str, str]]
) -> list[str]:
    lines = [
        "| | perplexity a word | sum of the three levels | emotion right, from the dialogue |",
        "| --- | --- | --- | --- |",
    ]
    for first, second in pairs:
        cells = compared(dialogues, answers[first], answers[second])
        lines.append("| " + " | ".join([f"{first} less {second}", *cells]) + " |")
    return lines


def judge_table(root: Path) -> list[str]:
    """How the judge agrees with a person who rated other replies, not seen while it was made."""
    with RATED.open(encoding="utf-8") as stream:
        rated = {
            (row["conversation"], int(row["turn"])): [int(row[name]) for name in JUDGES]
            for row in csv.DictReader(stream)
        }
    shown = [
        one
        for one in replies(DATASET.items(root, split="train"))
        if (one.conversation, len(one.said)) in rated
    ]
    truth = np.array([rated[one.conversation, len(one.said)] for one in shown])
    lines = [
        "| mechanism | replies | same level | weighted kappa |",
        "| --- | ---: | ---: | ---: |",
    ]
    for column, (name, judge) in enumerate(JUDGES.items()):
        found = judge([one.said[-1] for one in shown], [one.answer for one in shown])
        same, kappa = (
            (found == truth[:, column]).mean(),
            cohens_kappa(truth[:, column], found, weights="quadratic"),
        )
        lines.append(f"| {name.replace('_', ' ')} | {len(shown)} | {same:.2f} | {kappa:.2f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the corpora's folder")
    parser.add_argument("--runs", type=Path, required=True, help="of the recipes' folders")
    parser.add_argument("--count", type=int, default=200, help="dialogues")
    parser.add_argument(
        "--language",
        action="store_true",
        help="with the language model, prompted and with its adapter: slow",
    )
    parser.add_argument("--keep", type=Path, help="folder for what each partner told")
    parser.add_argument("--out", type=Path, help="Markdown file (default: print alone)")
    args = parser.parse_args()
    examples = replies(DATASET.items(args.data, split="valid"))
    dialogues = one_each(examples, args.count)
    answers = {
        name: kept(args.keep, name, partner, dialogues)
        for name, partner in partners(args.runs, examples, language=args.language).items()
    }
    language = " --language" if args.language else ""
    made = INTRODUCTION.format(count=len(dialogues), language=language)
    text = f"# Partners in dialogue\n\n{made}\n"
    text += "\n".join(reply_table(dialogues, answers)) + "\n\n## Emotion\n\n"
    text += EMOTION + "\n".join(emotion_table(dialogues, answers)) + "\n"
    wanted = [("reply-escm", name) for name in answers if name != "reply-escm"]
    wanted.append((LORA, PROMPTED))
    pairs = [pair for pair in wanted if set(pair) <= set(answers)]
    text += "\n## Differences\n\n" + DIFFERENCES
    text += "\n".join(difference_table(dialogues, answers, pairs)) + "\n"
    text += "\n## The judge of empathy\n\n" + JUDGE + "\n".join(judge_table(args.data)) + "\n"
    publish(text, args.out)


INTRODUCTION = (
    "Made by `python benchmarks/empathetic_replies.py --data DATA --runs RUNS{language}`,\n"
    "after `openaffect train` of each recipe named here. One answer of each of {count}\n"
    "conversations of EmpatheticDialogues' validation part, the same for all rows; intervals:\n"
    "95 %, conversations resampled. One draft each, drawn at temperature "
    f"{TEMPERATURE:g} from the likeliest\n"
    f"words of {TOP:g} in sum, {LENGTH} words or tokens at most, none chosen among others.\n\n"
    "Perplexity is of what the person answered: e to the total negative log-probability over the\n"
    "number of treebank words, marks among them, the end not counted. A net's unknown word costs\n"
    "its letters too; the language model's tokens are summed, and it has to foresee capitals and\n"
    "spaces as well, which the nets do not know. The language model is told the emotion that\n"
    "`text-situation` hears, as in use; the `text-` nets are told the true one and nothing of\n"
    "what was said. BLEU is sacreBLEU's, in lower case.\n"
)
DIFFERENCES = (
    "Of two partners on the same dialogues, which are resampled in pairs; below 0 is better for\n"
    "perplexity. The values of p are not corrected for their number.\n\n"
)
EMOTION = (
    "Share of right answers of 32, on the same dialogues: heard in what was said before the\n"
    "answer, and in the situation as its teller had written it down, which the partners' nets\n"
    "never learned from. `text-situation` learned from both, and only tells the emotion.\n\n"
)
JUDGE = (
    "Levels of 0 to 2 by turns of phrase (`metrics/text_empathy_cues.py`); it had no part in any\n"
    "training. Agreement with one rater's levels for replies that were not seen while the judge\n"
    "was made (`benchmarks/empathy_levels.csv`, training part). It tells sets of replies apart,\n"
    "not whether a reply fits: what a person said to someone else scores about as high.\n\n"
)

if __name__ == "__main__":
    main()
