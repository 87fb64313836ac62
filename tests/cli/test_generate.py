"""``openaffect generate`` over made parts."""

import io
import json
import logging
import sys

import pytest
from tests.generate.test_write import Alphabet
from tests.pipeline.test_generate_text import CountsD
from tests.pipeline.test_reply import Labels, Made
from tests.pipeline.test_rewrite import Author, Words, letters

from openaffect.cli import _exit, _screen, main
from openaffect.generate.text_plain import GENERATOR as PLAIN
from openaffect.pipeline import generate_text, reply, rewrite
from openaffect.pipeline.generate_text import TextGenerator
from openaffect.pipeline.hearing import Ear
from openaffect.pipeline.judge import Judge
from openaffect.pipeline.reply import Replier
from openaffect.pipeline.rewrite import Rewriter


@pytest.fixture(autouse=True)
def made(monkeypatch):
    """Puts made parts in the place of weights."""
    monkeypatch.setattr(
        generate_text,
        "text_generator",
        lambda **settings: TextGenerator(PLAIN(Alphabet()), Judge(CountsD())),
    )
    monkeypatch.setattr(
        rewrite, "rewriter", lambda **settings: Rewriter(Author(), Judge(Words()), letters)
    )
    monkeypatch.setattr(
        reply,
        "replier",
        lambda **settings: Replier(Made("I'm sorry. Why?"), Ear(Labels()), Labels(), letters),
    )


def typed(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_text_goes_on_from_its_beginning(capsys):
    assert main(["generate", "text", "ab", "--emotion", "joy", "--length", "20"]) == _exit.FINE
    out, err = capsys.readouterr()
    assert out == "ababcde\n"
    assert "alphabet (plain), happiness at 0.8, judged 1.00" in err


def test_an_arc_is_judged_part_by_part(capsys):
    """Of one word, abcde, the first part is all, and the made recogniser finds joy in its d."""
    assert main(["generate", "text", "ab", "--emotion", "joy->fear", "--length", "20"]) == 0
    assert "judged part by part happiness 1.00, fear 0.00 by counts-d" in capsys.readouterr().err


def test_streamed_or_not_it_is_the_same(capsys):
    for choice in ("--stream", "--no-stream"):
        assert main(["generate", "text", "ab", "--length", "20", choice, "--quiet"]) == 0
        assert capsys.readouterr().out == "ababcde\n"


def test_a_text_is_written_with_its_origin_beside_it(tmp_path, capsys):
    place = tmp_path / "sad.txt"
    source = tmp_path / "letter.txt"
    source.write_text("Dear Ann,\n\nthe bus was late.\n", encoding="utf-8")
    words = ["generate", "rewrite", str(source), "--emotion", "joy", "--similarity", ".5"]
    assert main([*words, "--out", str(place)]) == _exit.FINE
    shown = capsys.readouterr().out
    assert shown == place.read_text("utf-8")
    assert shown.startswith("Dear Ann,\n\n")
    told = json.loads((tmp_path / "sad.txt.json").read_text("utf-8"))
    assert told["generated"] is True
    assert told["text"] == shown
    assert told["made_by"]["seed"] == 0
    assert told["scores"]["similarity"] > 0.5


def test_a_file_of_text_begins_with_the_beginning(tmp_path):
    place = tmp_path / "joy.txt"
    assert main(["generate", "text", "ab", "--length", "20", "--out", str(place)]) == _exit.FINE
    assert place.read_text("utf-8") == "ababcde"
    assert json.loads((tmp_path / "joy.txt.json").read_text("utf-8"))["text"] == "abcde"


def test_quiet_says_nothing_beside_the_text(tmp_path, capsys):
    words = ["generate", "text", "ab", "--length", "20", "--out", str(tmp_path / "a.txt")]
    assert main([*words, "--quiet"]) == _exit.FINE
    assert capsys.readouterr().err == ""
    assert main(words) == _exit.FINE
    assert f"wrote {tmp_path / 'a.txt'}" in capsys.readouterr().err


def test_a_json_file_takes_text_and_origin(tmp_path):
    place = tmp_path / "answer.json"
    assert main(["generate", "reply", "So sad.", "--out", str(place), "--quiet"]) == _exit.FINE
    told = json.loads(place.read_text("utf-8"))
    assert told["text"] == "I'm sorry. Why?"
    assert told["scores"]["heard"]["emotion"] == "sadness"


def test_rewriting_reads_a_pipe(monkeypatch, capsys):
    typed(monkeypatch, "The bus was late.")
    assert main(["generate", "rewrite", "-", "--emotion", "joy", "--intensity", "0"]) == _exit.FINE
    assert capsys.readouterr().out == "The bus was late.\n"


def test_a_dialogue_is_read_from_a_file(tmp_path, capsys):
    talk = tmp_path / "talk.jsonl"
    talk.write_text('{"speaker": "Ann", "text": "So sad."}\n', encoding="utf-8")
    assert main(["generate", "reply", str(talk)]) == _exit.FINE
    out, err = capsys.readouterr()
    assert out == "I'm sorry. Why?\n"
    assert "heard sadness, 0.90 by words" in err


def test_a_fixed_reply_says_that_it_is_one(capsys):
    assert main(["generate", "reply", "I want to kill myself."]) == _exit.FINE
    err = capsys.readouterr().err
    assert "a sign of self-harm: this reply is fixed, no model wrote it" in err
    assert "heard" not in err


def test_a_chat_has_commands_and_a_memory(monkeypatch, capsys, tmp_path):
    kept, other = tmp_path / "kept.jsonl", tmp_path / "other.jsonl"
    typed(
        monkeypatch,
        f"/help\n\nSo sad.\nReally.\n/save {other}\n/forget\n/nonsense\nWell.\n/quit\nmore\n",
    )
    assert main(["generate", "chat", "--save", str(kept)]) == _exit.FINE
    out = capsys.readouterr().out
    assert "not to a person" in out
    assert "/forget" in out
    assert "Forgotten." in out
    assert "/nonsense is no command" in out
    assert out.count("I'm sorry. Why?") == 3
    lines = [json.loads(line) for line in other.read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines][::2] == ["So sad.", "Really."]
    assert [line["generated"] for line in lines] == [False, True] * 2
    assert len(kept.read_text("utf-8").splitlines()) == 2


def test_a_chat_ends_with_its_input(monkeypatch, capsys):
    typed(monkeypatch, "So sad.")
    assert main(["generate", "chat", "--quiet"]) == _exit.FINE
    assert capsys.readouterr().out == "I'm sorry. Why?\n\n"


def test_a_chat_goes_on_after_a_turn_that_cannot_be_answered(monkeypatch, capsys):
    typed(monkeypatch, f"{'long ' * 60_000}\nSo sad.\n")
    assert main(["generate", "chat", "--quiet"]) == _exit.FINE
    out, err = capsys.readouterr()
    assert "at most" in err
    assert "I'm sorry. Why?" in out


def test_methods_and_partners_are_listed(capsys):
    assert main(["generate", "methods"]) == _exit.FINE
    out = capsys.readouterr().out
    assert "--method\tplain" in out
    assert "--partner\tlanguage" in out


def test_a_text_is_rewritten_as_it_stands_on_the_command_line(capsys):
    words = ["generate", "rewrite", "The bus was late.", "--emotion", "joy", "--similarity", ".5"]
    assert main(words) == _exit.FINE
    out, err = capsys.readouterr()
    assert "bus was late" in out
    assert out != "The bus was late.\n"
    assert "no sentence was changed" not in err


def test_a_long_rewriting_tells_how_far_it_is(monkeypatch, capsys):
    """At once here, as it is told from two seconds on."""
    monkeypatch.setattr(_screen, "PATIENCE", 0.0)
    text = "The bus was late. " * 8
    assert main(["generate", "rewrite", text, "--emotion", "joy"]) == _exit.FINE
    assert "rewriting: " in capsys.readouterr().err
    for choice in ("--stream", "--quiet"):
        assert main(["generate", "rewrite", text, "--emotion", "joy", choice]) == _exit.FINE
        assert "rewriting: " not in capsys.readouterr().err


def test_a_text_without_a_sentence_is_said_to_stay(capsys):
    assert main(["generate", "rewrite", "Heading", "--emotion", "joy"]) == _exit.FINE
    out, err = capsys.readouterr()
    assert out == "Heading\n"
    assert "no sentence was changed" in err


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "told"), [(Terminal, False), (io.StringIO, True)])
def test_the_log_of_fixed_replies_keeps_off_a_terminal(stream, told, monkeypatch, capsys):
    """Where stderr is a file, the log goes there as before."""
    handler = logging.StreamHandler(stream())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    typed(monkeypatch, "I want to kill myself.\n")
    assert main(["generate", "chat"]) == _exit.FINE
    assert "a sign of self-harm: this reply is fixed" in capsys.readouterr().out
    assert ("the fixed reply was given" in handler.stream.getvalue()) is told


def test_white_space_around_a_beginning_is_not_shown(capsys):
    for words in ("ab ", "  ab", "ab\n"):
        assert main(["generate", "text", words, "--length", "20"]) == _exit.FINE
        assert capsys.readouterr().out == "ababcde\n"


def test_a_beginning_is_read_from_a_pipe_or_a_file(monkeypatch, tmp_path, capsys):
    typed(monkeypatch, "ab\n")
    assert main(["generate", "text", "-", "--length", "20", "--quiet"]) == _exit.FINE
    assert capsys.readouterr().out == "ababcde\n"
    (tmp_path / "begun.txt").write_text("ab\n")
    words = ["generate", "text", str(tmp_path / "begun.txt"), "--length", "20"]
    assert main([*words, "--out", str(tmp_path / "a.txt")]) == _exit.FINE
    assert (tmp_path / "a.txt").read_text() == "ababcde"
    assert main(["generate", "text", str(tmp_path / "none.txt")]) == _exit.NOTHING_DONE
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["So sad.\n", '{"speaker": "Ann", "text": "So sad."}\n'])
def test_what_was_said_may_be_words_or_json_wherever_it_comes_from(text, monkeypatch, capsys):
    typed(monkeypatch, text)
    for place in ("-", text):
        assert main(["generate", "reply", place]) == _exit.FINE
        out, err = capsys.readouterr()
        assert out == "I'm sorry. Why?\n"
        assert "heard sadness, 0.90 by words" in err


def test_a_reply_that_no_model_wrote_says_so(monkeypatch, capsys):
    replier = Replier(Made(""), Ear(Labels()), Labels(), letters)
    monkeypatch.setattr(reply, "replier", lambda **settings: replier)
    assert main(["generate", "reply", "So sad."]) == _exit.FINE
    out, err = capsys.readouterr()
    assert out == "That sounds hard. Do you want to tell me more about it?\n"
    assert "a fixed reply: no whole sentence that was offered may be said" in err
    assert "generated by none" not in err
    assert main(["generate", "reply", "Are you a person?"]) == _exit.FINE
    assert "a fixed reply: somebody asks whether this is a person" in capsys.readouterr().err


def test_a_chat_in_which_nothing_was_said_leaves_the_file_as_it_is(monkeypatch, tmp_path, capsys):
    kept = tmp_path / "kept.jsonl"
    kept.write_text("old")
    typed(monkeypatch, "/quit\n")
    assert main(["generate", "chat", "--save", str(kept)]) == _exit.FINE
    assert kept.read_text() == "old"
    assert "nothing was said" in capsys.readouterr().err
