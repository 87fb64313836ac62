"""The command with models that are a line of arithmetic, and inputs made on the spot."""

import pytest

from openaffect.cli import main
from pipeline.conftest import StubKit, picture, speech, write_video


@pytest.fixture
def stub_kit(monkeypatch):
    """Put the stub models in the place of the real ones; the test may change what is missing."""
    kit = StubKit()
    monkeypatch.setattr("openaffect.pipeline.analyze.Kit", lambda options: kit)
    return kit


@pytest.fixture(scope="session")
def media(tmp_path_factory):
    """A folder with a still, a video, a text and a table."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("media")
    Image.fromarray(picture([(20, 30), (100, 40)])).save(folder / "still.png")
    frames = [picture([(20 + t // 2, 30)]) for t in range(40)]
    write_video(folder / "talk.mp4", frames, sound=[speech(4, [(1, 3)])])
    (folder / "note.txt").write_text("I am so happy. Nobody came.\n", encoding="utf-8")
    (folder / "answers.csv").write_text(
        "id,comment\n1,I am so happy.\n2,It rained.\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def run(capsys):
    """Call the command; returns (exit code, lines of stdout, stderr)."""

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return call
