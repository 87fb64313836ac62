"""The benchmark of steered text, over a model and judges whose answers are known."""

import json
import math
from statistics import NormalDist

import numpy as np
import pytest
from tests.generate.test_write import Alphabet

from openaffect.benchmark.text_generation import Cell, Plan, Way, write_cells
from openaffect.benchmark.text_generation_scores import even_knob, score
from openaffect.benchmark.text_generation_set import (
    BANNED,
    EMOTIONS,
    INTENSITIES,
    PROMPTS,
    SYNONYMS,
)
from openaffect.benchmark.text_generation_table import markdown
from openaffect.benchmark.text_generation_ways import usual
from openaffect.benchmark.text_judges import TextJudge, plain
from openaffect.benchmark.text_rewriting import score_rewriting
from openaffect.generate._steering import Steering
from openaffect.types import Generated


class Loud(Steering):
    """Writes the letter at the emotion's place, the likelier the stronger."""

    name = "loud"
    help = "made"

    def adjusted(self, logits, texts, target, intensity):
        changed = logits.copy()
        changed[:, 1 + EMOTIONS.index(target.best)] = 100 * intensity
        return changed


PLAN = Plan(seeds=2, length=3, prompts=("ab", "cd"))


def judge(share):
    """Returns a judge who finds each emotion by its letter; the score is ``share`` of the text."""

    def predict(texts):
        found = np.array([[share(text, "abcdef"[place]) for place in range(6)] for text in texts])
        return found + 1e-6

    return TextJudge("letters", "made", np.full(6, 0.5), 10, predict)


def by_letter(text, letter):
    return text.count(letter) / max(len(text), 1)


def test_the_prompts_and_words_are_as_many_as_promised():
    assert len(set(PROMPTS)) == 30
    assert INTENSITIES[0] == 0 and len(INTENSITIES) == 5
    assert tuple(SYNONYMS) == EMOTIONS
    assert all(word == word.lower() for word in BANNED)
    assert len(set(BANNED)) == len(BANNED)


def test_cells_are_written_once(tmp_path):
    way = Way("loud", Loud(Alphabet()))
    first = list(write_cells(way, PLAN, tmp_path))
    # the unsteered once a prompt, four intensities for each of six emotions
    assert len(first) == 2 * (1 + 4 * 6)
    asked = len(way.steering.model.pushed)
    again = list(write_cells(way, PLAN, tmp_path))
    assert again == first
    assert len(way.steering.model.pushed) == asked


def test_a_line_cut_off_is_written_again(tmp_path):
    way = Way("loud", Loud(Alphabet()))
    first = list(write_cells(way, PLAN, tmp_path))
    path = tmp_path / "loud.jsonl"
    path.write_text(path.read_text()[:-20])
    assert list(write_cells(way, PLAN, tmp_path)) == first


def test_the_best_candidate_is_chosen_for_every_seed(tmp_path):
    asked = []

    def choose(texts, request):
        asked.append(list(texts))
        return texts[-1]

    way = Way("loud", Loud(Alphabet()), candidates=3, choose=choose)
    cells = list(write_cells(way, PLAN, tmp_path))
    assert {len(texts) for texts in asked} == {3}
    assert all(len(cell.texts) == 2 for cell in cells)
    assert len(asked) == 2 * 4 * 6 * 2  # nobody chooses among unsteered texts


def test_a_part_of_a_plan_is_its_first_prompts_and_seeds():
    small = PLAN.part(1, 1)
    assert (small.prompts, small.seeds, small.length) == (("ab",), 1, 3)
    assert PLAN.part(9, 9) == PLAN
    assert Cell("ab", "", 0.0, ("one", "two")).part(small) == Cell("ab", "", 0.0, ("one",))


def made_cells(text_of):
    for prompt in PLAN.prompts:
        yield Cell(prompt, "", 0.0, ("g h g h", "h g h g"))
        for intensity in INTENSITIES[1:]:
            for place, emotion in enumerate(EMOTIONS):
                texts = text_of("abcdef"[place], intensity)
                yield Cell(prompt, emotion, intensity, texts)


def test_scores_by_hand():
    def text_of(letter, intensity):
        strong = letter * round(4 * intensity)
        return f"{strong}{'g' * (4 - len(strong))} h", "h h g h"

    found = score("made", list(made_cells(text_of)), [judge(by_letter)], Alphabet(), PLAN)
    (one,) = found.judgements
    assert one.hit.value == pytest.approx(0.5 + 0.5 / 6)  # of the other seed's, only the first
    assert one.unsteered.value == pytest.approx(1 / 6)  # equal scores: the first emotion wins
    assert one.gain.value == pytest.approx(0.5 + 0.5 / 6 - 1 / 6)
    assert one.rising == 1.0
    assert one.by_emotion["fear"] == pytest.approx(0.5)
    assert found.perplexity == pytest.approx([math.e] * 5)  # the made model says -1 a letter
    assert found.words == (4.0, 3.0)
    assert found.bars()["hit, letters"] == (pytest.approx(0.5 + 0.5 / 6), 0.45, True)


def test_an_even_knob_of_few_texts_is_seen_to_rise_by_chance():
    """Two steps a tenth apart, means of eight texts that scatter by two tenths: one deviation."""
    texts = 0.2 * np.sqrt(7 / 8) * np.array([1, -1] * 4)
    scores = np.broadcast_to(np.array([0.3, 0.4])[:, None] + texts, (5, 6, 2, 8))
    assert even_knob(scores) == pytest.approx(NormalDist().cdf(1), abs=0.01)
    assert math.isnan(even_knob(scores[..., :1]))


def test_a_step_that_does_not_rise_is_seen():
    def text_of(letter, intensity):
        return (letter if intensity != 0.5 else "g") + " h", "h g"

    found = score("made", list(made_cells(text_of)), [judge(by_letter)], Alphabet(), PLAN)
    assert found.judgements[0].rising == 0.0


def test_the_page_says_what_is_met_and_what_is_not(tmp_path):
    cells = list(made_cells(lambda letter, intensity: (letter * 3 + " h", "h g h")))
    found = score("made", cells, [judge(by_letter)], Alphabet(), PLAN)
    page = markdown([found], cells[:2], "command")
    assert "| hit, letters | 0.583 | 0.45 | met |" in page
    assert "| rising cells, letters | 0 | 0.9 | not met |" in page
    assert "*anger*, 0.25: **ab** aaa h" in page
    assert json.dumps(found.bars())


def test_a_judge_reads_neither_masks_nor_commas():
    assert plain("Well, [PERSON] said:  No,no") == "well said: no no"


def test_rewriting_by_hand():
    def rewrite(sentence, emotion, seed):
        letter = "abcdef"[EMOTIONS.index(emotion)]
        text = "furious aaa" if emotion == "anger" else sentence if letter > "c" else letter
        return Generated(text, {}, {}, {"similarity": 0.5 if letter == "a" else 1.0})

    found = score_rewriting(rewrite, [judge(by_letter)], ["fff x", "eee x"])
    # anger, disgust, fear are hit in both; surprise in the first sentence, sadness in the second
    assert found.hits["letters"].value == pytest.approx((3 + 1) / 6)
    assert found.unnamed["letters"].value == pytest.approx((2 + 1) / 6)
    assert found.source["letters"] == pytest.approx(1 / 6)
    assert found.similarity.value == pytest.approx(5.5 / 6)
    assert found.changed == pytest.approx(0.5)
    assert found.bars()["similarity"][2]
    assert not found.bars()["hit, letters"][2]
    page = markdown(
        [score("made", list(made_cells(lambda a, b: ("a h", "h g"))), [judge(by_letter)],
               Alphabet(), PLAN)], [], "command", found,
    )  # fmt: skip
    assert "*anger*: fff x → **furious aaa**" in page


def test_what_takes_hours_is_compared_only_when_it_is_named():
    names = usual()
    assert names[0] == "guided"
    assert {"prompt", "fudge", "lora"} <= set(names)
    assert not {"plain", "pplm"} & set(names)
