"""Which goings-on of a model are clauses that tell a feeling."""

import pytest

from openaffect.generate._author import JOINTS, _clause

FEEL, MAKES, WHICH = ", and I feel", ", and it makes me", ", which is so"


def test_the_joints_are_those_of_the_tests():
    assert set(JOINTS) == {FEEL, MAKES, WHICH}


@pytest.mark.parametrize(
    ("text", "joint", "clause"),
    [
        (" really annoyed. Then we left.", FEEL, " really annoyed."),
        (" a bit nervous.", MAKES, " a bit nervous."),
        (" frustrating!", WHICH, " frustrating!"),
    ],
)
def test_a_feeling_is_kept(text, joint, clause):
    assert _clause(text, 6, joint) == clause


@pytest.mark.parametrize(
    ("text", "joint"),
    [
        (" sorry for him.", FEEL),
        (" even more nervous.", FEEL),
        (" it's generous.", FEEL),
        (" miss my job.", MAKES),
        (" a hypocrite.", MAKES),
        (" laugh every time.", MAKES),
        (" nervous.", WHICH),
        (" sad, and I cry.", WHICH),
        (" sad", FEEL),
        ("", FEEL),
    ],
)
def test_what_tells_more_or_does_not_go_with_its_joint_is_not(text, joint):
    assert _clause(text, 6, joint) == ""
