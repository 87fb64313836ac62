import json
from itertools import pairwise

import numpy as np
import pytest

from openaffect.pipeline import dialogue, load
from openaffect.pipeline.analyze import Analyzer
from openaffect.pipeline.dialogue import parts_of, read_dialogue
from openaffect.pipeline.options import Options
from openaffect.types import InvalidValueError, MediaError, UnknownNameError

from .conftest import StubKit, StubRecognizer, peaked

LINES = [("Ann", "we won"), ("Bob", "so happy for you"), ("Ann", "thanks"), ("Cy", "what")]


class StubTalk(StubRecognizer):
    """Its best label is the number of letters of the lines that it was shown for a line."""

    context = 2

    def __init__(self, task="text.situation"):
        super().__init__("stub-talk", task, "empathetic32", lambda text: peaked(32, len(text) % 32))

    def lines(self, lines, start=0):
        shown = []
        for end in range(start, len(lines)):
            shown.append("".join(text for _, text in lines[max(0, end - self.context) : end + 1]))
        return self(shown)


@pytest.fixture
def kit():
    whole = StubKit()
    whole.talk = StubTalk()
    whole.dialogue = lambda language, notes: {"text.situation": whole.talk}
    return whole


def csv(path, lines, header="who,said"):
    path.write_text("\n".join([header, *(f"{who},{said}" for who, said in lines)]), "utf-8")
    return path


def run(path, kit, work=None, **options):
    options = {"column": "said", "dialogue": "who", **options}
    return Analyzer(Options(**options), kit=kit)(path, work=work)


def expected(lines, context=2):
    ends = [lines[max(0, end - context) : end + 1] for end in range(len(lines))]
    labels = dialogue_labels()
    return [labels[len("".join(text for _, text in part)) % 32] for part in ends]


def dialogue_labels():
    return StubTalk().scheme.labels


def test_a_table_of_lines_has_a_row_a_line_and_knows_who_spoke(tmp_path, kit):
    analysis = run(csv(tmp_path / "talk.csv", LINES), kit)
    assert next(iter(analysis.timelines)) == "text.emotion"
    for name in ("text.emotion", "text.ekman", "text.situation"):
        timeline = analysis[name]
        assert timeline.extra["subject"].tolist() == [0, 1, 0, 2]
        assert timeline.extra["speaker"].tolist() == ["Ann", "Bob", "Ann", "Cy"]
        assert timeline.extra["text"].tolist() == [text for _, text in LINES]
        assert timeline.extra["row"].tolist() == [0, 1, 2, 3]
        assert timeline.unit == "whole"
    assert analysis["text.situation"].best() == expected(LINES)
    assert analysis["text.emotion"].best()[1] == "joy"
    assert analysis.facts["dialogue"] == "who"


def test_json_lines_do_as_well(tmp_path, kit):
    path = tmp_path / "talk.jsonl"
    path.write_text("\n".join(json.dumps({"who": w, "said": s}) for w, s in LINES), "utf-8")
    assert run(path, kit)["text.situation"].best() == expected(LINES)


def test_who_spoke_may_be_missing(tmp_path, kit):
    analysis = run(csv(tmp_path / "talk.csv", [("", "hello"), ("Bob", "hi"), (" ", "ok")]), kit)
    assert analysis["text.situation"].extra["subject"].tolist() == [-1, 0, -1]


def test_a_column_of_names_that_is_not_there_is_named(tmp_path, kit):
    with pytest.raises(UnknownNameError, match=r"no column 'speaker'.*'who', 'said'"):
        run(csv(tmp_path / "talk.csv", LINES), kit, dialogue="speaker")


def test_what_is_no_table_is_read_as_it_is_and_told(tmp_path, kit):
    path = tmp_path / "note.txt"
    path.write_text("So happy. Yes.", "utf-8")
    analysis = run(path, kit)
    assert len(analysis["text.emotion"]) == 2
    assert analysis.warnings == ("column 'who' of a dialogue: this is no table",)


def test_a_damaged_line_is_named(tmp_path, kit):
    path = tmp_path / "talk.jsonl"
    path.write_text('{"who": "Ann", "said": "hi"}\n{"who": ', "utf-8")
    with pytest.raises(MediaError, match="line 2"):
        run(path, kit)


def test_an_empty_table_is_no_rows(tmp_path, kit):
    assert len(run(csv(tmp_path / "talk.csv", []), kit)["text.emotion"]) == 0


def test_a_long_dialogue_is_read_in_parts_as_if_in_one(tmp_path, kit, monkeypatch):
    lines = [("AB"[row % 2], "x" * (row % 7 + 1)) for row in range(50)]
    monkeypatch.setattr(dialogue, "_PART", 7)
    assert run(csv(tmp_path / "talk.csv", lines), kit)["text.situation"].best() == expected(lines)


def test_an_interrupted_dialogue_goes_on_with_what_was_said_before(tmp_path, kit, monkeypatch):
    lines = [("AB"[row % 2], "x" * (row % 7 + 1)) for row in range(20)]
    path = csv(tmp_path / "talk.csv", lines)
    monkeypatch.setattr(dialogue, "_PART", 8)
    broken = kit.talk.lines

    def breaks(said, start=0):
        if kit.talk.seen >= 8:
            raise KeyboardInterrupt
        return broken(said, start)

    kit.talk.lines = breaks
    with pytest.raises(KeyboardInterrupt):
        run(path, kit, work=tmp_path / "work")
    kit.talk.lines = broken
    seen = kit.talk.seen
    analysis = run(path, kit, work=tmp_path / "work")
    assert analysis["text.situation"].best() == expected(lines)
    assert analysis["text.situation"].extra["subject"].tolist() == [0, 1] * 10
    assert kit.talk.seen - seen == 12


def test_lines_of_another_language_are_read_one_by_one(tmp_path):
    """The real kit: no model of dialogues reads German."""
    from openaffect.pipeline.kit import Kit
    from openaffect.pipeline.notes import Notes

    notes = Notes()
    assert Kit(Options()).dialogue("deu", notes) == {}
    assert "lines in deu" in notes.warnings[0]


def test_parts_remember_lines_and_number_speakers_over_their_ends(monkeypatch):
    monkeypatch.setattr(dialogue, "_PART", 3)
    rows = [(number, who, str(number)) for number, who in enumerate("abacbda")]
    parts = list(parts_of(iter(rows), 2))
    assert [[row[0] for row in block] for block, _, _ in parts] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [before for _, before, _ in parts] == [
        [],
        [("b", "1"), ("a", "2")],
        [("b", "4"), ("d", "5")],
    ]
    assert [subjects for _, _, subjects in parts] == [[0, 1, 0], [2, 1, 3], [0]]


def test_a_column_that_cannot_be_names_is_refused(monkeypatch):
    monkeypatch.setattr(dialogue, "MOST_SPEAKERS", 5)
    rows = ((number, f"words {number}", "x") for number in range(10))
    with pytest.raises(InvalidValueError, match="more than 5 speakers"):
        list(parts_of(rows, 0))


@pytest.fixture
def installed(monkeypatch):
    """The models by the names that are asked for."""
    models = {"text.emotion": StubKit().text}

    def loaded(name, **_):
        if name not in models:
            raise UnknownNameError(name)
        return models[name]

    monkeypatch.setattr(load, "load", loaded)
    return models


def test_a_dialogue_from_python_takes_the_best_model_there_is(installed):
    timeline = read_dialogue(iter(LINES))
    assert timeline.model == "stub-text"
    assert timeline.best() == ["sadness" if "happy" not in text else "joy" for _, text in LINES]
    installed["text.situation"] = StubTalk()
    timeline = read_dialogue(LINES)
    assert (timeline.model, timeline.best()) == ("stub-talk", expected(LINES))
    assert timeline.extra["subject"].tolist() == [0, 1, 0, 2]
    installed["text.dialogue"] = StubTalk("text.dialogue")
    assert read_dialogue(LINES).scheme.name == "empathetic32"
    assert read_dialogue(LINES, model="text.emotion").model == "stub-text"
    with pytest.raises(UnknownNameError):
        read_dialogue(LINES, model="text.nothing")


def test_a_dialogue_of_no_lines_and_of_very_many(installed, monkeypatch):
    installed["text.situation"] = StubTalk()
    assert len(read_dialogue([])) == 0
    monkeypatch.setattr(dialogue, "_PART", 64)
    lines = [("AB"[row % 2], "x" * (row % 9 + 1)) for row in range(1000)]
    assert read_dialogue(iter(lines)).best() == expected(lines)


@pytest.mark.parametrize("lines", [["Ann: hello"], [("Ann", 5)], [("Ann", "hello"), {"a": 1}]])
def test_what_is_no_line_is_named(installed, lines):
    with pytest.raises(InvalidValueError, match=rf"line {len(lines) - 1} of the dialogue"):
        read_dialogue(lines)


@pytest.mark.parametrize("lines", ["Ann: hello", b"", None, 3])
def test_what_is_no_list_of_lines_is_refused(installed, lines):
    with pytest.raises(InvalidValueError, match=f"got one {type(lines).__name__}"):
        read_dialogue(lines)


def test_scores_of_every_row_are_a_distribution(installed):
    installed["text.situation"] = StubTalk()
    scores = read_dialogue(LINES).scores
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert all(not np.array_equal(one, other) for one, other in pairwise(scores))
