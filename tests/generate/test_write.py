"""The loop that writes, over a model whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.generate._request import TextRequest
from openaffect.generate._sampling import draw, gumbel, likeliest
from openaffect.generate._steering import Steering
from openaffect.generate._write import opening, write
from openaffect.generate.text_prompt import GENERATOR as PROMPTING
from openaffect.types import Card, InvalidValueError, LanguageModel, Scores

LETTERS = "\0abcdefghij \n."


class Alphabet:
    """Says a, b, c ... one after another; id 0 ends the text."""

    card = Card("alphabet", "text.language", "text", licence="made")
    vocabulary, width, layers, longest, ends = len(LETTERS), 1, 1, 40, frozenset({0})

    def __init__(self, length=5):
        self.length = length
        self.pushed = []

    def encode(self, text, *, special=False):
        return [LETTERS.index(letter) for letter in text if letter in LETTERS]

    def decode(self, ids):
        return "".join(LETTERS[number] for number in ids)

    def chat(self, messages):
        return [1]

    def read(self, ids, state=0, *, push=None, repeat=1):
        self.pushed.append(push)
        rows = len(ids) * repeat
        step = (state or 0) + 1
        logits = np.full((rows, self.vocabulary), -20.0, np.float32)
        logits[:, step if step <= self.length else 0] = 20.0
        return Scores(logits, np.zeros((rows, 1), np.float32), step)

    def branch(self, state, rows):
        return state

    def log_probabilities(self, text):
        return np.full(len(text), -1.0)


class Backwards(Steering):
    """Turns the preference over, and pushes."""

    name = "backwards"
    help = "made"

    def read(self, ids, state, target, intensity, *, repeat=1):
        push = np.full((1, 1), intensity, np.float32)
        return self.model.read(ids, state, push=push, repeat=repeat)

    def adjusted(self, logits, texts, target, intensity):
        changed = logits.copy()
        changed[:, LETTERS.index("j")] = 100 * intensity
        return changed


def written(steering, **choices):
    *_, drafts = write(steering, TextRequest(prompt="ab", **choices))
    return [draft.text for draft in drafts]


def test_the_made_model_is_a_model():
    assert isinstance(Alphabet(), LanguageModel)


def test_the_model_writes_until_it_ends():
    assert written(Steering(Alphabet()), length=20) == ["abcde"]


def test_it_writes_no_longer_than_asked():
    assert written(Steering(Alphabet()), length=3) == ["abc"]


def test_a_steering_changes_the_scores():
    assert written(Backwards(Alphabet()), length=3, intensity=1) == ["jjj"]


class Choosy(Steering):
    """Leaves the letter open and keeps the going-on with most of the letter j."""

    name = "choosy"
    help = "made"
    tries = 6
    stride = 2

    def adjusted(self, logits, texts, target, intensity):
        changed = np.full_like(logits, -20)
        changed[:, LETTERS.index("i") : LETTERS.index("j") + 1] = 0
        return changed

    def worth(self, texts, ids, target, intensity):
        return np.array([100.0 * text.count("j") for text in texts])


def test_the_going_on_of_most_worth_is_kept():
    """Half the letters are j by chance; of six pairs one mostly has both, until runs repeat."""

    def share(way):
        texts = written(way, candidates=16, length=12, intensity=1, top=1)
        return sum(text.count("j") for text in texts) / sum(map(len, texts))

    once = Choosy(Alphabet())
    once.tries = 1
    assert 0.4 < share(once) < 0.6
    assert share(Choosy(Alphabet())) > share(once) + 0.15


def test_what_is_read_is_what_was_kept():
    """After each choice the model has read the prompt and the kept text, and nothing else."""

    class Remembers(Alphabet):
        """Its state is the ids of each row; it says which ids it is asked to go on from."""

        def read(self, ids, state=None, *, push=None, repeat=1):
            rows = [[*old, *new] for old, new in zip(state or [[]] * len(ids), ids, strict=True)]
            self.after = [tuple(row) for row in rows]
            rows = [row for row in rows for _ in range(repeat)]
            logits = np.zeros((len(rows), self.vocabulary), np.float32)
            return Scores(logits, np.zeros((len(rows), 1), np.float32), rows)

        def branch(self, state, rows):
            return [state[row] for row in rows]

    class Looks(Choosy):
        def adjusted(self, logits, texts, target, intensity):
            after = self.model.after
            tries = len(texts) // len(after)
            for row, text in enumerate(texts):
                assert after[row // tries] == (1, 2, *text)
            changed = np.full_like(logits, -20)
            changed[:, LETTERS.index("a") : LETTERS.index("j") + 1] = 0
            return changed

    written(Looks(Remembers()), length=8, intensity=1, top=1)
    written(Looks(Remembers()), length=8, intensity=1, top=1, candidates=3)


def test_a_text_ends_with_a_sentence():
    """The last third ends where a sentence does, and what never ends is cut back to one."""

    class Speaks(Alphabet):
        def __init__(self, text):
            super().__init__()
            self.said = text

        def read(self, ids, state=0, *, push=None, repeat=1):
            step = state or 0
            logits = np.full((len(ids) * repeat, self.vocabulary), -20.0, np.float32)
            logits[:, LETTERS.index(self.said[step])] = 20.0
            return Scores(logits, np.zeros((len(logits), 1), np.float32), step + 1)

    assert written(Steering(Speaks("ab.cd.ef.gh.ij.")), length=12) == ["ab.cd.ef."]
    assert written(Steering(Speaks("abcdef.ghijabcdefghijk")), length=9) == ["abcdef."]
    assert written(Steering(Speaks("abcdefghijab")), length=9) == ["abcdefghi"]


def test_the_topic_is_said_without_a_mood_too():
    for way in (Steering, PROMPTING):
        lead = way(Alphabet()).lead(TextRequest(prompt="ab", intensity=0, topic="a storm"))
        assert "a storm" in lead
    assert "a storm" in PROMPTING(Alphabet()).lead(TextRequest(prompt="ab", topic="a storm"))


def test_at_no_intensity_it_is_the_model_itself():
    model = Alphabet()
    assert written(Backwards(model), length=20, intensity=0) == ["abcde"]
    assert model.pushed == [None] * 6


def test_a_steering_reads_from_the_first_token_on():
    model = Alphabet()
    written(Backwards(model), length=3, intensity=0.5)
    assert model.pushed == [0.5] * 3


def test_candidates_are_written_side_by_side():
    assert written(Steering(Alphabet()), length=20, candidates=3) == ["abcde"] * 3


def test_banned_words_do_not_occur():
    """A word is banned when it is whole: abc and not abcd, whatever its case."""
    assert written(Steering(Alphabet()), length=5, banned=("abcd",)) != ["abcde"]
    assert written(Steering(Alphabet()), length=5, banned=("ABCDE",))[0].startswith("abcd")
    assert written(Steering(Alphabet()), length=5, banned=("ABCDE",)) != ["abcde"]
    assert written(Steering(Alphabet()), length=5, banned=("x",)) == ["abcde"]


def test_more_than_the_model_reads_is_refused():
    with pytest.raises(InvalidValueError, match=r"2 tokens and 39 are to follow.*reads 40"):
        written(Steering(Alphabet()), length=39)


def test_only_some_ways_lead_away_from_an_emotion():
    with pytest.raises(InvalidValueError, match=r"intensity is -0.5; backwards goes from 0 to 1"):
        written(Backwards(Alphabet()), length=3, intensity=-0.5)


def test_prompting_reads_the_mood_first():
    model = Alphabet()
    plain = opening(PROMPTING(model), TextRequest(prompt="ab", intensity=0, emotion="joy"))
    assert plain == [1, 2]
    assert len(opening(PROMPTING(model), TextRequest(prompt="ab", emotion="joy"))) > 2


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"prompt": " "}, "prompt is empty"),
        ({"prompt": "a", "intensity": 1.5}, "intensity is 1.5; give 0 to 1, or down to -1"),
        ({"prompt": "a", "length": 0}, "length is 0"),
        ({"prompt": "a", "candidates": 65}, "candidates is 65"),
    ],
)
def test_requests_out_of_range_are_named(choices, told):
    with pytest.raises(InvalidValueError, match=told):
        TextRequest(**choices)


def test_control_characters_are_left_out():
    assert TextRequest(prompt="a\x00b\x1b[31mc\n").prompt == "ab[31mc\n"


def test_draws_follow_the_probabilities():
    """Three tokens with odds 6 : 3 : 1 at temperature 1: counts within four standard errors."""
    logits = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    drawn = [draw(logits, (), (7, step), temperature=1, top=1) for step in range(4000)]
    counts = np.bincount(drawn, minlength=3) / 4000
    assert np.abs(counts - [0.6, 0.3, 0.1]).max() < 4 * np.sqrt(0.24 / 4000)


def test_the_nucleus_leaves_the_tail_out():
    logits = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    assert {draw(logits, (), (7, step), temperature=1, top=0.85) for step in range(200)} == {0, 1}


def test_what_was_just_said_is_less_likely():
    logits = np.log(np.array([0.5, 0.5], np.float32))
    drawn = [draw(logits, [0], (7, step), temperature=1, top=1) for step in range(2000)]
    assert np.mean(drawn) > 0.52


def test_neighbouring_scores_mostly_draw_the_same():
    """Chances fixed by their place: a tenth more for one of ten tokens changes few draws.

    By the total variation between the two distributions, .024 at least must differ.
    """
    logits = np.zeros(10, np.float32)
    nudged = logits.copy()
    nudged[3] += np.log(1.3)
    pairs = [
        [draw(item, (), (0, step), temperature=1, top=1) for item in (logits, nudged)]
        for step in range(2000)
    ]
    differ = np.mean([first != second for first, second in pairs])
    assert 0.01 < differ < 0.06


def test_the_numbers_of_places_are_gumbels():
    """Mean is Euler's constant, variance pi^2 / 6; places and tokens have their own."""
    found = np.concatenate([gumbel((3, step), np.arange(100)) for step in range(200)])
    assert abs(found.mean() - np.euler_gamma) < 4 * np.pi / np.sqrt(6 * len(found))
    assert abs(found.var() - np.pi**2 / 6) < 0.1
    assert len(np.unique(found)) == len(found)
    assert (gumbel((3, 7), np.array([5]))[0] == found.reshape(200, 100)[7, 5]).all()


@given(
    st.lists(st.integers(-60, 60), min_size=1, max_size=400), st.integers(1, 80), st.integers(0, 99)
)
def test_the_likeliest_are_those_that_sorting_finds(values, count, hidden):
    """Block by block or sorted as a whole; what is ruled out is never among them."""
    scores = np.array(values, np.float32) + np.arange(len(values), dtype=np.float32) / 1000
    scores[np.random.default_rng(hidden).random(len(scores)) < hidden / 100] = -np.inf
    expected = [place for place in np.argsort(-scores)[:count] if np.isfinite(scores[place])]
    assert likeliest(scores, count).tolist() == sorted(expected)


def test_one_seed_draws_otherwise_behind_another_beginning():
    def texts(prompt, **more):
        request = TextRequest(prompt=prompt, length=12, intensity=1, top=1, candidates=3, **more)
        *_, drafts = write(Choosy(Alphabet()), request)
        return [draft.text for draft in drafts]

    assert texts("ab") == texts("ab")
    assert len({*texts("ab"), *texts("ba"), *texts("ab", seed=1)}) == 9


def test_an_arc_is_whole_where_the_text_may_end():
    """Of nine tokens the last three may be left out, so that three targets have two steps each."""
    asked = []

    class Asks(Backwards):
        def adjusted(self, logits, texts, target, intensity):
            asked.append(target.best)
            return super().adjusted(logits, texts, target, intensity)

    arc = "fear->surprise->happiness"
    list(write(Asks(Alphabet()), TextRequest(prompt="ab", emotion=arc, length=9, intensity=1)))
    assert asked[:6] == ["fear"] * 2 + ["surprise"] * 2 + ["happiness"] * 2
    assert set(asked[6:]) <= {"happiness"}
