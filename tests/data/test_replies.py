import pytest

from openaffect.data._dataset import Item
from openaffect.data._replies import held_back, one_each, replies
from openaffect.types import InvalidValueError


def turn(conversation, number, role, text="x"):
    return Item(
        key=f"{conversation}/{number}",
        text=text,
        labels=("sad",),
        extra={
            "conversation": conversation,
            "turn": str(number),
            "role": role,
            "situation": f"of {conversation}",
        },
    )


def talk(conversation, turns=4):
    roles = ("speaker", "listener")
    return [turn(conversation, n, roles[n % 2], f"{conversation} {n}") for n in range(turns)]


def test_each_answer_comes_with_all_that_was_said_before():
    first, second = replies(reversed(talk("a")))
    assert (first.said, first.answer) == (("a 0",), "a 1")
    assert (second.said, second.answer) == (("a 0", "a 1", "a 2"), "a 3")
    assert second.roles == ("speaker", "listener", "speaker")
    assert (second.emotion, second.situation) == ("sad", "of a")


def test_turns_are_numbers_and_may_be_missing():
    items = [turn("a", n, "listener" if n % 2 else "speaker", str(n)) for n in (10, 9, 2)]
    (only,) = replies(items)
    assert (only.said, only.answer) == (("2",), "9")


def test_an_answer_to_nothing_is_left_out():
    with pytest.raises(InvalidValueError, match="no listener"):
        replies([turn("a", 1, "listener"), turn("b", 0, "speaker")])


def test_conversations_stay_whole():
    examples = replies(item for name in "abcdefghij" for item in talk(name))
    fit, choose = held_back(examples, 0.2)
    assert len(fit) == 16 and len(choose) == 4
    assert not {one.conversation for one in fit} & {one.conversation for one in choose}
    assert held_back(examples, 0.2) == (fit, choose)


def test_one_answer_of_each_conversation():
    examples = replies(item for name in "abcdefghij" for item in talk(name))
    drawn = one_each(examples, 6)
    assert len({one.conversation for one in drawn}) == len(drawn) == 6
    assert drawn == one_each(examples, 6)
    assert len(one_each(examples, 99)) == 10
