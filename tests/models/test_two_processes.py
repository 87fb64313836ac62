"""Two processes (or threads) that want one file at once: it comes once, and both have it."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from openaffect.models.lock import held
from openaffect.models.store import Store
from openaffect.types import Card, WeightsUnavailableError

from .conftest import Route, Server, card_of, catalogue_of, sha256, weight_file


def fetch_in_process(root: str, card: dict[str, object], answers: object) -> None:
    store = Store(root, catalogue=catalogue_of())
    path = store.fetch(Card.from_dict(card), "model")
    answers.put(sha256(path.read_bytes()))  # type: ignore[attr-defined]


def test_two_processes_fetch_once(tmp_path: Path, server: Server, content: bytes) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    arguments = (str(tmp_path / "cache"), card.to_dict(), answers)
    workers = [spawn.Process(target=fetch_in_process, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert found == [sha256(content)] * 2
    assert server.seen == [("/m.onnx", None)]


def test_threads_fetch_once(store: Store, server: Server, content: bytes) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    found: list[Path] = []
    workers = [
        threading.Thread(target=lambda: found.append(store.fetch(card, "model"))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [store.root / "stub" / "m.onnx"] * 4
    assert server.seen == [("/m.onnx", None)]


def test_a_lock_is_waited_for_so_long_and_then_named(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        held(path, timeout=0.0),
        pytest.raises(WeightsUnavailableError, match=r"another process has held .*lock"),
        held(path, timeout=0.0),
    ):
        pass
    with held(path, timeout=0.0):
        pass


def die_holding(path: str) -> None:
    import os

    lock = held(Path(path), timeout=10.0)
    lock.__enter__()
    os._exit(1)


def test_a_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    worker = multiprocessing.get_context("spawn").Process(target=die_holding, args=(str(path),))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 1
    with held(path, timeout=0.0):
        pass
