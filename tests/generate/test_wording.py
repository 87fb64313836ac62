"""What a text is kept from."""

import pytest

from openaffect.generate._wording import Wording, finished, whole_sentences


def refused(text, *, prompt="", banned=(), since=0):
    """Tell whether a text is refused that grew in one go from its first ``since`` letters on."""
    return Wording(prompt, banned).refuses(text[:since], text, [], 0)


@pytest.mark.parametrize(
    ("banned", "text"),
    [
        ("sad", "so sad"), ("sad", "the saddest day"), ("sad", "Sadly, no"), ("happy", "happily"),
        ("happy", "HAPPINESS"), ("surprise", "surprising"), ("surprise", "a surprise."),
        ("fear", "fearful"), ("annoy", "annoyed"), ("panic", "panic"), ("fury", "fury"),
    ],
)  # fmt: skip
def test_banned_words_and_their_forms(banned, text):
    assert refused(text, banned=(banned,))


@pytest.mark.parametrize(
    ("banned", "text"),
    [
        ("mad", "it was made"), ("sad", "a saddle"), ("rage", "an old rag"), ("joy", "enjoy"),
        ("happy", "it happened"), ("scare", "a scar"), ("rage", "the garage"), ("mad", "madam"),
    ],
)  # fmt: skip
def test_other_words_stay(banned, text):
    assert not refused(text, banned=(banned,))


def test_obscenities_are_refused_unasked():
    assert refused("oh shit", since=3)
    assert not refused("the grape harvest in Scunthorpe, a cockpit, draped", since=0)


@pytest.mark.parametrize("text", ["# Title", "a **bold** word", "<b>", "see https://x.org", " "])
def test_markup_is_refused(text):
    assert refused(text)


@pytest.mark.parametrize(
    ("prompt", "text", "bad"),
    [
        ("", 'we went home."', True),
        ("", 'He said, "Go."', False),
        ('"I came,', ' he said."', False),
        ('"I came,', ' late."', False),
        ("", 'She said, "No. "Yes', True),
        ("", "gone.”", True),
        ("", "“Gone.”", False),
    ],
)
def test_quotation_marks_open_and_close_in_turn(prompt, text, bad):
    """Each mark is met on its own, as a writer does, token by token."""
    wording = Wording(prompt, ())
    grown = [
        wording.refuses(text[:place], text[: place + 1], [], 0)
        for place in range(len(text))
        if not text[place].isspace()
    ]
    assert any(grown) is bad


def test_a_run_of_four_tokens_does_not_come_twice():
    wording = Wording("", ())
    said = [1, 2, 3, 4, 9, 1, 2, 3]
    assert wording.refuses("a", "ab", said, 4)
    assert not wording.refuses("a", "ab", said, 5)
    assert not wording.refuses("a", "ab", said[1:5], 4)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("It rained.", True), ("It rained", False), ('He said, "It rained.', False),
        ('He said, "It rained."', True), ("I saw Mr.", False), ("It cost 3.", False),
        ("What?!", True), ("“No!”", True), ("", False),
    ],
)  # fmt: skip
def test_where_a_sentence_ends(text, done):
    assert finished(text) is done


def test_an_unfinished_sentence_is_cut_off():
    assert whole_sentences("It rained. We went in. Then the") == "It rained. We went in."
    assert whole_sentences('He said, "Go. Now') == ""
    assert Wording("It was late.", ()).cut(" and dark. So we") == " and dark."
