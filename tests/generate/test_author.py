"""Which goings-on of a model are clauses that tell a feeling."""

import pytest

from openaffect.generate._author import JOINTS, _clause

FEEL, MAKES, WHICH = ", and I feel", ", and it makes me", ", which is so"


def test_the_joints_are_those_of_the_tests():
    assert set(JOINTS) == {FEEL, MAKES, WHICH}


@pytest.mark.parametrize(
    ("text", "joint"),
    [(" really annoyed. Then", FEEL), (" a bit nervous.", MAKES), (" frustrating!", WHICH)],
)
def test_a_feeling_is_kept(text, joint):
    assert _clause(text, 6, joint) == text.split(". ")[0].rstrip(".!") + text.rstrip("Then ")[-1]


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
