"""Sessions over a card's files, and what happens when a file is damaged."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from openaffect.models.backends import litert, onnx, whisper
from openaffect.models.store import Store
from openaffect.models.weights import CardWeights
from openaffect.types import (
    IntegrityError,
    InvalidValueError,
    MissingDependencyError,
    Session,
    Weights,
)

from .conftest import Route, Server, card_of, catalogue_of, doubling_graph, weight_file


@pytest.fixture
def weights(store: Store, server: Server) -> CardWeights:
    server.routes["/m.onnx"] = Route(doubling_graph())
    server.routes["/notes.txt"] = Route(b"notes")
    return CardWeights(
        card_of(
            weight_file(f"url:{server.url}/m.onnx", doubling_graph()),
            weight_file(f"url:{server.url}/notes.txt", b"notes", "notes"),
        ),
        store,
    )


def test_a_session_runs_the_graph(weights: CardWeights) -> None:
    session = weights.session("model")
    assert isinstance(session, Session)
    assert (session.inputs, session.outputs) == (("x",), ("y",))
    answer = session.run({"x": np.array([1.0, 2.5], np.float32)})
    np.testing.assert_array_equal(answer["y"], [2.0, 5.0])
    assert weights.session("model") is session


def test_paths_are_local_and_verified(weights: CardWeights, store: Store) -> None:
    handed: Weights = weights
    assert handed.path("notes") == str(store.root / "stub" / "notes.txt")


@pytest.mark.parametrize(
    "feeds",
    [
        {},
        {"z": np.zeros(2, np.float32)},
        {"x": np.zeros(2)},
        {"x": np.zeros((2, 2), np.float32)},
    ],
)
def test_wrong_feeds_name_what_is_taken(weights: CardWeights, feeds: dict[str, np.ndarray]) -> None:
    with pytest.raises(InvalidValueError, match=r"m\.onnx: takes \{'x'"):
        weights.session("model").run(feeds)


def test_a_file_that_is_no_graph_has_no_session(weights: CardWeights) -> None:
    with pytest.raises(InvalidValueError, match=r"notes\.txt is no graph"):
        weights.session("notes")
    with pytest.raises(InvalidValueError, match="whisper"):
        weights.open("pickle")


def test_a_damaged_graph_is_fetched_once_more(
    weights: CardWeights, store: Store, server: Server
) -> None:
    path = Path(weights.path("model"))
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(bytes(len(doubling_graph())))
    os.utime(path, ns=times)
    assert weights.session("model").inputs == ("x",)
    assert server.ranges("/m.onnx") == [None, None]
    assert path.read_bytes() == doubling_graph()


def test_a_graph_that_is_right_but_unreadable_is_not_fetched_again(
    store: Store, server: Server
) -> None:
    server.routes["/m.onnx"] = Route(b"no graph")
    card = card_of(weight_file(f"url:{server.url}/m.onnx", b"no graph"))
    with pytest.raises(IntegrityError, match="ONNX Runtime cannot load it"):
        CardWeights(card, store).session("model")
    assert len(server.seen) == 1


def test_a_graph_inside_an_archive(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.task"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("inner.onnx", doubling_graph())
    file = weight_file(
        archive.as_uri().replace("file://", "file:"), archive.read_bytes(), member="inner.onnx"
    )
    store = Store(tmp_path / "cache", catalogue=catalogue_of())
    assert CardWeights(card_of(file), store).session("model").outputs == ("y",)
    with pytest.raises(IntegrityError, match="no entry 'absent'"):
        onnx.load(archive, member="absent")


def test_devices_are_explicit(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(doubling_graph())
    with pytest.raises(InvalidValueError, match="device 'tpu' is none of cpu, cuda"):
        onnx.load(path, device="tpu")
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        with pytest.raises(MissingDependencyError, match="onnxruntime-gpu"):
            onnx.load(path, device="cuda")


def test_litert_refuses_what_is_no_graph(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"not a graph at all, but long enough to be looked at")
    with pytest.raises(IntegrityError, match="LiteRT cannot load it"):
        litert.load(path)


def test_the_error_stream_keeps_what_is_no_chatter(capfd: pytest.CaptureFixture[str]) -> None:
    with litert._without_chatter():
        os.write(2, b"INFO: a delegate was made\nWARNING: keep this\n")
    assert capfd.readouterr().err == "WARNING: keep this\n"


def test_whisper_refuses_an_empty_folder(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the extra `transcript` is not installed")
    with pytest.raises(IntegrityError, match="CTranslate2 cannot load it"):
        whisper.load(tmp_path)


class _StubWhisper:
    class _Word:
        start, end, word, probability = 0.1, 0.4, " hello", 1.0000001

    class _Segment:
        start, end, text, avg_logprob = 0.0, 0.5, " hello ", float(np.log(0.25))

    def transcribe(self, samples: np.ndarray, **options: object) -> tuple[list[object], None]:
        segment = self._Segment()
        segment.words = [self._Word()]  # type: ignore[attr-defined]
        return [segment], None


def test_whisper_segments_are_plain_values() -> None:
    model = whisper.WhisperModel(_StubWhisper())
    (segment,) = model.transcribe(np.zeros(16_000, np.float32))
    assert segment.text == "hello"
    assert segment.confidence == pytest.approx(0.25)
    assert segment.words == (whisper.Word(0.1, 0.4, "hello", 1.0),)
    assert model.transcribe(np.zeros(0, np.float32)) == []
    with pytest.raises(InvalidValueError, match=r"\(2, 3\) float64"):
        model.transcribe(np.zeros((2, 3)))
