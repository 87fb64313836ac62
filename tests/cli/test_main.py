import subprocess
import sys

import pytest

from openaffect import __version__
from openaffect.cli import _exit, _parser, main

COMMANDS = _parser.command_names()


def test_commands_are_the_files_of_the_folder():
    assert {"analyze", "completion", "demo", "doctor", "models", "plot", "train"} <= set(COMMANDS)
    assert not [name for name in COMMANDS if name.startswith("_")]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_teaches_by_example(run, name):
    code, lines, _ = run(name, "--help")
    text = "\n".join(lines)
    assert code == 0
    assert "examples:" in text
    assert f"openaffect {name}" in text.partition("examples:")[2]
    for number, meaning in _exit.MEANINGS.items():
        assert f"{number}" in text
        assert meaning in text


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_use_options_that_exist(name):
    """Every example of the help is a command line that the parser takes."""
    import shlex

    for line, _ in _parser.command(name).EXAMPLES:
        words = shlex.split(line.partition("|")[0] if line.startswith("open") else line)
        words = words[words.index("openaffect") + 1 :]
        words = words[: words.index(">")] if ">" in words else words
        args = _parser.build(name).parse_args(words)
        assert args.command == name


def test_help_of_all_lists_every_command(run):
    code, lines, _ = run("--help")
    assert code == 0
    for name in COMMANDS:
        assert any(line.split()[:1] == [name] for line in lines)


def test_no_command_is_a_usage_error_that_shows_the_help(run):
    code, lines, _ = run()
    assert code == 2
    assert lines[0].startswith("usage: openaffect")


def test_words_without_quotes_are_told_of_them(run):
    code, _, error = run("generate", "text", "The", "train", "--emotion", "joy")
    assert code == 2
    assert "unrecognized arguments: train (a text, or a name with spaces, goes in quotes)" in error
    assert "quotes" not in run("generate", "text", "a", "--nonsense")[2]


def test_an_option_that_is_none_shows_the_way_to_the_help_of_its_action(run):
    for words in (("generate", "text", "a"), ("models", "list"), ("plot", "a")):
        code, _, error = run(*words, "--nonsense")
        assert code == 2
        action = " ".join(words[: 1 if words[0] == "plot" else 2])
        assert f"See: openaffect {action} --help" in error
    assert "See: openaffect --help" in run("--nonsense")[2]


def test_a_misspelt_command_names_the_nearest(run):
    code, _, error = run("analyse", "x.png")
    assert code == 2
    assert "did you mean 'analyze'?" in error


def test_version(run):
    assert run("--version") == (0, [f"openaffect {__version__}"], "")


def test_an_unknown_option_is_a_usage_error(run):
    code, _, error = run("analyze", "x.png", "--evry", "1")
    assert code == 2
    assert "--evry" in error


@pytest.mark.parametrize("module", ["openaffect", "openaffect.cli"])
def test_as_a_module(module):
    command = [sys.executable, "-m", module, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["openaffect", __version__]


def test_interrupted(monkeypatch, capsys):
    def interrupt(args):
        raise KeyboardInterrupt

    monkeypatch.setattr("openaffect.cli.doctor.run", interrupt)
    assert main(["doctor"]) == 130
    assert "what was finished is kept" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error():
    command = f"{sys.executable} -m openaffect models list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("name\t")
    assert not done.stderr
