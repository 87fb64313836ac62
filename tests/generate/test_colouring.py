"""Words in the place of others, where grammar and sense let them."""

import pytest

from openaffect.generate._colouring import replaced


@pytest.mark.parametrize(
    ("sentence", "emotion", "changed"),
    [
        ("The train was late.", "sadness", "The train was hopelessly late."),
        ("We would like to come.", "happiness", "We would love to come."),
        ("An old man came.", "happiness", "A dear old man came."),
        ("He bought a old boat.", "fear", "He bought an eerie old boat."),
        ("The bus did not stop.", "anger", "The bus did not bloody stop."),
        ("We walked home.", "sadness", "We trudged home."),
    ],
)
def test_a_word_gives_way(sentence, emotion, changed):
    assert changed in replaced(sentence, emotion)


@pytest.mark.parametrize(
    ("sentence", "emotion"),
    [
        ("It looks like rain.", "happiness"),
        ("She is ten years old.", "happiness"),
        ("The room is small.", "happiness"),
        ("I'm good at maths.", "happiness"),
        ("Wait at the bus stop.", "anger"),
        ("I smell gas.", "disgust"),
        ("He was called Tom.", "surprise"),
        ("He works late at night.", "sadness"),
        ("We walked the dog.", "anger"),
        ("They played football.", "happiness"),
        ("She looked after him.", "fear"),
        ("The sign said stop.", "anger"),
        ("It came in a plain box.", "surprise"),
    ],
)
def test_a_word_stays_where_the_other_would_not_fit(sentence, emotion):
    assert list(replaced(sentence, emotion)) == []
