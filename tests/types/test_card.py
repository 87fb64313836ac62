import json

import pytest

from openaffect.types import Card, InvalidValueError, WeightFile

DIGEST = "0123456789abcdef" * 4


def file(**change):
    facts = {"role": "model", "source": "file:a.onnx", "sha256": DIGEST, "size": 10}
    return WeightFile(**(facts | change))


def card(**change):
    facts = {"name": "a-card", "task": "face.emotion", "modality": "face", "licence": "MIT"}
    return Card(**(facts | change))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("file:a.onnx", "a.onnx"),
        ("file:/folder/b.onnx", "b.onnx"),
        ("url:https://example.org/x/c.tflite", "c.tflite"),
        ("hf:owner/repository@main/folder/d.bin", "d.bin"),
        ("package:name==1/wheel.whl#name/data/e.onnx", "e.onnx"),
    ],
)
def test_a_file_is_named_by_the_end_of_its_source(source, name):
    assert file(source=source).name == name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"source": "ftp://example.org/a.onnx"}, "no known kind"),
        ({"sha256": DIGEST.upper()}, "lower-case hex"),
        ({"sha256": DIGEST[:-1]}, "64"),
        ({"size": 0}, "not positive"),
        ({"name": "../a.onnx"}, "plain file name"),
        ({"name": ".."}, "plain file name"),
        ({"name": "a\n"}, "plain file name"),
        ({"source": "file:"}, "plain file name"),
    ],
)
def test_a_file_that_cannot_be_is_refused(change, says):
    with pytest.raises(InvalidValueError, match=says):
        file(**change)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "card name ''"),
        ({"name": "A-Card"}, "lower-case"),
        ({"name": "a card"}, "lower-case"),
        ({"name": "../../elsewhere"}, "names a folder"),
        ({"name": ".."}, "names a folder"),
        ({"name": "a/b"}, "names a folder"),
        ({"modality": "smell"}, "modality 'smell'"),
        ({"licence": ""}, "no licence"),
        ({"labels": ("joy",), "thresholds": {"fear": 0.5}}, "fear"),
    ],
)
def test_a_card_that_cannot_be_is_refused(change, says):
    with pytest.raises(InvalidValueError, match=says):
        card(**change)


def full_card():
    return card(
        labels=("joy", "fear"),
        files=(file(), file(role="tokenizer", source="file:t.json", size=7)),
        preprocessing={"size": 48},
        thresholds={"joy": 0.4},
        calibration={"thresholds": {"ekman7": {"anger": 0.3}}},
        training_data=("a",),
        scores=({"measure": "accuracy", "value": 0.5},),
        limits=["b"],
        rank=3,
    )


def test_a_card_survives_json():
    made = full_card()
    again = Card.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made
    assert again.limits == ("b",)


def test_files_by_role_and_their_size():
    made = full_card()
    assert made.file("tokenizer").name == "t.json"
    assert made.size == 17
    with pytest.raises(InvalidValueError, match=r"'encoder'.*\['model', 'tokenizer'\]"):
        made.file("encoder")


def test_a_file_of_several_roles_counts_once():
    assert card(files=(file(role="a"), file(role="b"))).size == 10


def test_json_with_other_keys_is_refused():
    data = full_card().to_dict()
    with pytest.raises(InvalidValueError, match=r"unknown keys \['colour'\]"):
        Card.from_dict({**data, "colour": "red"})
    with pytest.raises(InvalidValueError, match="colour"):
        Card.from_dict({**data, "files": [{**data["files"][0], "colour": "red"}]})
    with pytest.raises(InvalidValueError, match="licence"):
        Card.from_dict({"name": "a", "task": "t", "modality": "any"})
    with pytest.raises(InvalidValueError, match="modality"):
        Card.from_dict({"name": "a", "licence": "MIT", "task": "t"})
