import hashlib
import json
import zipfile

import pytest

from openaffect import models
from openaffect.types import Card, WeightFile


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAFFECT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAFFECT_OFFLINE", "1")
    monkeypatch.delenv("OPENAFFECT_WEIGHTS", raising=False)


@pytest.fixture
def local(monkeypatch, tmp_path):
    """A card whose weights lie in a folder of this machine, the only card there is."""
    data = b"weights" * 1000
    (tmp_path / "weights.bin").write_bytes(data)
    file = WeightFile(
        role="model",
        source=f"file:{tmp_path / 'weights.bin'}",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )
    card = Card(name="local", task="face.emotion", modality="face", licence="CC0", files=(file,))
    monkeypatch.setattr(models, "cards", lambda: {"local": card})
    monkeypatch.setattr(models, "card", lambda name: card)
    return card


def test_list_has_a_line_a_card(run):
    code, lines, _ = run("models", "list")
    assert code == 0
    names = [line.split("\t")[0] for line in lines[1:]]
    assert sorted(names) == sorted(models.cards())
    silero = next(line.split("\t") for line in lines if line.startswith("silero-vad\t"))
    assert silero[3:] == ["no", "yes", "MIT"]


def test_card_says_licence_data_and_limits(run):
    code, lines, _ = run("models", "card", "silero-vad")
    assert code == 0
    assert "licence: MIT" in lines
    assert "limits:" in lines


def test_card_as_json(run):
    _, lines, _ = run("models", "card", "silero-vad", "--json")
    assert Card.from_dict(json.loads("\n".join(lines))) == models.card("silero-vad")


def test_an_unknown_card_names_the_nearest(run):
    code, _, error = run("models", "card", "silero-vod")
    assert code == 3
    assert "did you mean 'silero-vad'?" in error


def test_where_is_the_cache(run, tmp_path):
    assert run("models", "where") == (0, [str(tmp_path / "cache")], "")


def test_where_is_a_file_that_is_not_here(run):
    code, lines, _ = run("models", "where", "silero-vad")
    assert code == 1
    assert lines == ["silero-vad\tactivity\tnot here"]


def test_pull_offline_says_what_to_do(run):
    code, _, error = run("models", "pull", "silero-vad")
    assert code == 3
    assert "openaffect models pull silero-vad" in error


def test_pull_tells_where_the_weights_are(run, local, tmp_path):
    code, lines, _ = run("models", "pull")
    assert code == 0
    assert lines == [f"local\t0.0 MB\t{tmp_path}"]


def test_clear_frees_what_was_fetched(run, tmp_path):
    folder = tmp_path / "cache/silero-vad"
    folder.mkdir(parents=True)
    (folder / "silero_vad_16k_sequence.onnx").write_bytes(bytes(2_000_000))
    assert run("models", "clear", "silero-vad") == (0, ["2.0 MB freed"], "")
    assert run("models", "clear")[1] == ["0.0 MB freed"]


def test_a_bundle_unpacks_to_weights_that_are_found(run, local, tmp_path, monkeypatch):
    code, lines, _ = run("models", "bundle", tmp_path / "weights.zip")
    assert code == 0
    assert "OPENAFFECT_WEIGHTS" in lines[-1]
    with zipfile.ZipFile(tmp_path / "weights.zip") as archive:
        assert archive.namelist() == ["local/weights.bin"]
        archive.extractall(tmp_path / "elsewhere")
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(tmp_path / "elsewhere"))
    found = models.Store().locate(local, "model")
    assert found == tmp_path / "elsewhere/local/weights.bin"


def test_a_bundle_that_cannot_be_written(run, local, tmp_path):
    code, _, error = run("models", "bundle", tmp_path / "none/weights.zip")
    assert code == 3
    assert "weights.zip" in error
