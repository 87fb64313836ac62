"""Every command and every program in the README and the docs, as a reader would type them."""

import json
import re

import pytest
from tests.generate.test_write import Alphabet
from tests.pipeline.test_generate_text import CountsD
from tests.pipeline.test_reply import Labels, Made
from tests.pipeline.test_rewrite import Author, Words, letters
from tests.samples import media, ravdess

from openaffect.pipeline.load import load
from openaffect.pipeline.text_roles import read_roles
from pipeline.conftest import StubKit, picture, speech, write_video

from . import shell
from .pages import PAGES, ROOT, blocks, named

SHELL = [block for page in PAGES for block in blocks(page) if block.language == "bash"]
PYTHON = [page for page in PAGES if any(b.language == "python" for b in blocks(page))]


def stub_kit(options):
    """What stands in for models; roles are rules and come as they are."""
    kit = StubKit()
    kit.roles = read_roles if options.roles else None
    return kit


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the files that the examples name, and stand-ins for the models."""
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAFFECT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("openaffect.pipeline.analyze.Kit", stub_kit)
    _stand_in_writers(monkeypatch)
    frames = [picture([(20 + t, 30)]) for t in range(20)]
    write_video(tmp_path / "talk.mp4", frames, sound=[speech(2, [(0.5, 1.5)])])
    subtitles = "1\n00:00:00,500 --> 00:00:01,500\nI am so happy.\n"
    (tmp_path / "talk.srt").write_text(subtitles, "utf-8")
    (tmp_path / "interviews").mkdir()
    write_video(tmp_path / "interviews/one.mp4", frames, sound=[speech(2, [(0.5, 1.5)])])
    Image.fromarray(picture([(20, 30)])).save(tmp_path / "still.jpg")
    _write_wav(tmp_path / "voice.wav", speech(2, [(0.5, 1.5)]))
    (tmp_path / "note.txt").write_text("I am so happy. Nobody came.\n", "utf-8")
    (tmp_path / "answers.csv").write_text("id,comment\n1,I am so happy.\n", "utf-8")
    (tmp_path / "chat.csv").write_text("speaker,text\nAnn,I am so happy.\nBob,Why?\n", "utf-8")
    participants = "file,participant,condition\none.mp4,p01,control\n"
    (tmp_path / "participants.csv").write_text(participants, "utf-8")
    (tmp_path / "out").mkdir()
    _evaluation_files(tmp_path)
    return tmp_path


def _stand_in_writers(monkeypatch):
    """Put made models in the place of those that write, rewrite and reply."""
    from openaffect.generate.text_plain import GENERATOR as PLAIN
    from openaffect.pipeline import writing
    from openaffect.pipeline.generate_text import TextGenerator
    from openaffect.pipeline.hearing import Ear
    from openaffect.pipeline.judge import Judge
    from openaffect.pipeline.reply import Replier
    from openaffect.pipeline.rewrite import Rewriter

    model = Alphabet()
    model.longest = 1000
    writer = TextGenerator(PLAIN(model), Judge(CountsD()))
    monkeypatch.setattr(writing, "_generator", lambda *settings: writer)
    rewriter = Rewriter(Author(), Judge(Words()), letters)
    monkeypatch.setattr(writing, "_rewriter", lambda *settings: rewriter)
    replier = Replier(Made("I'm sorry. Why?"), Ear(Labels()), Labels(), letters)
    monkeypatch.setattr(writing, "_replier", lambda *settings: replier)


def _evaluation_files(folder):
    """What the pages on corpora, measures and steps name."""
    truth = ["anger", "fear", "anger", "neutral", "fear", "neutral", "anger", "neutral"]
    mine = ["anger", "fear", "fear", "neutral", "fear", "anger", "anger", "neutral"]
    rows = [(n, label, "fm"[n % 2]) for n, label in enumerate(truth)]
    media.table(folder / "truth.csv", ["id", "label", "gender"], rows)
    media.table(folder / "mine.csv", ["id", "label"], list(enumerate(mine)))
    media.table(folder / "theirs.csv", ["id", "label"], list(enumerate(reversed(truth))))
    sayings = [(f"I am {label}, number {n}", label) for n, label in enumerate(truth)]
    media.table(folder / "answers-labelled.csv", ["text", "label"], sayings)
    media.table(folder / "pictures.csv", ["picture", "label"], [("still.jpg", "joy")])
    for name in ("real", "made", "faces"):
        for number in range(3):
            media.picture(folder / name / f"{number}.png", seed=number + len(name), size=(64, 64))
    ravdess.build(folder / "corpora" / "ravdess")


def _write_wav(path, samples):
    import wave

    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


@pytest.fixture
def result(desk):
    """Put the result that ``plot`` examples start from where they look for it."""
    from openaffect import analyze

    text = json.dumps(analyze("talk.mp4").to_dict())
    for name in ("talk", "talking-face"):
        (desk / f"out/{name}.mp4.json").write_text(text, "utf-8")


@pytest.mark.usefixtures("result")
@pytest.mark.parametrize("block", SHELL, ids=[f"{named(b.page)}:{b.line}" for b in SHELL])
def test_shell_block(block, monkeypatch, capsys):
    if "--jobs 2" in block.text:
        block = block._replace(text=block.text.replace("--jobs 2", "--jobs 1"))
    for line in shell.lines(block.text):
        shell.run_line(line, monkeypatch)
    assert "Traceback" not in capsys.readouterr().err


def _load(name, **options):
    from openaffect.types import UnknownNameError

    try:
        return load(name, **options)
    except UnknownNameError:
        return StubKit().text


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", PYTHON, ids=named)
def test_python_blocks(page, monkeypatch):
    """The blocks of a page run one after the other, as a reader would."""
    import openaffect

    if page.name == "CONTRIBUTING.md":
        pytest.skip("its program is a file of its own: test_one_file.py")
    monkeypatch.setattr(openaffect, "load", _load, raising=False)
    monkeypatch.delitem(vars(openaffect), "analyze", raising=False)
    names = {"__name__": "__main__"}
    for block in blocks(page):
        if block.language == "python":
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(page), "exec"), names)


def test_every_block_says_what_it_is():
    known = {"bash", "python", "json", "toml", "mermaid", "text"}
    for page in PAGES:
        for block in blocks(page):
            assert block.language in known, f"{named(page)}:{block.line}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_page_is_in_the_index():
    index = (ROOT / "docs/index.md").read_text("utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index


def test_options_that_the_docs_name_exist():
    """An option in the running text is one that some command takes."""
    from openaffect.cli import _parser

    def options(parser):
        found = set(re.findall(r"--[a-z][a-z-]+", parser.format_help()))
        for action in parser._actions:
            for below in getattr(action.choices, "values", list)():
                found |= options(below)
        return found

    known = {"--check", "--index-url"}.union(
        *(options(_parser.build(name)) for name in _parser.command_names())
    )
    for page in (page for page in PAGES if page.parent.name != "decisions"):
        text = page.read_text("utf-8").partition("<!-- from the code: modules -->")[0]
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text):
            assert option in known, f"{named(page)}: {option}"


def test_exit_codes_of_the_docs_are_those_of_the_command():
    from openaffect.cli import _exit

    text = (ROOT / "docs/bad-input.md").read_text("utf-8")
    for code, meaning in _exit.MEANINGS.items():
        assert f"| {code} | {meaning} |" in text
