"""A small package index and file server on this machine, and graphs small enough to write out."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from openaffect.models import download
from openaffect.models.catalogue import Catalogue
from openaffect.models.store import Store
from openaffect.types import Card, WeightFile


@dataclass
class Route:
    """How the server answers one path."""

    body: bytes = b""
    ranges: bool = True
    status: int = 200
    location: str = ""
    kind: str = "application/octet-stream"
    length: bool = True
    hang: threading.Event | None = None
    """Nothing is answered before this is set."""
    cuts: list[int] = field(default_factory=list)
    """Bytes sent before the connection is cut, one entry a request; whole once it is empty."""


@dataclass
class Server:
    """A running server: ``routes`` by path, ``seen`` holds (path, Range header) of each request."""

    url: str
    routes: dict[str, Route]
    seen: list[tuple[str, str | None]]
    authorizations: list[str | None]

    def ranges(self, path: str) -> list[str | None]:
        return [header for seen, header in self.seen if seen == path]


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            server.seen.append((self.path, wanted))
            server.authorizations.append(self.headers.get("Authorization"))
            route = server.routes.get(self.path)
            if route is None or route.status >= 400:
                self.send_error(route.status if route else 404)
                return
            if route.hang is not None:
                route.hang.wait()
                return
            if route.location:
                self.send_response(302)
                self.send_header("Location", route.location)
                self.end_headers()
                return
            start = 0
            if wanted and route.ranges:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                if start >= len(route.body):
                    self.send_error(416)
                    return
            self._send(route, start)

        def _send(self, route: Route, start: int) -> None:
            body = route.body[start:]
            self.send_response(206 if start else 200)
            if start:
                end = len(route.body) - 1
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(route.body)}")
            if route.length:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", route.kind)
            self.end_headers()
            self.wfile.write(body[: route.cuts.pop(0)] if route.cuts else body)

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server("", {}, [], [])
    running = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.url = f"http://127.0.0.1:{running.server_address[1]}"
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield state
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's settings out, and the pauses between tries."""
    for name in ("OPENAFFECT_CACHE", "OPENAFFECT_WEIGHTS", "OPENAFFECT_OFFLINE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(download, "RETRY_PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture
def content() -> bytes:
    """A megabyte that no compression makes small and that differs at every place."""
    return b"".join(hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(32_768))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def weight_file(source: str, data: bytes, role: str = "model", **more: object) -> WeightFile:
    return WeightFile(role, source, sha256(data), len(data), **more)  # type: ignore[arg-type]


def card_of(*listed: WeightFile, name: str = "stub", **more: object) -> Card:
    facts: dict[str, object] = {"task": "face.stub", "modality": "face", "licence": "Apache-2.0"}
    return Card(name, **{"files": listed, **facts, **more})  # type: ignore[arg-type]


def catalogue_of(*cards: Card, folder: Path = Path("nowhere")) -> Catalogue:
    return Catalogue({card.name: card for card in cards}, {card.name: folder for card in cards})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache", catalogue=catalogue_of())


def make_wheel(path: Path, **members: bytes) -> bytes:
    """Write a wheel whose members are named by keyword (``__`` for ``/``); return its bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return path.read_bytes()


def doubling_graph() -> bytes:
    """Return an ONNX graph ``y = x + x`` over (N,) float32, written out as protocol buffers."""

    def varint(number: int) -> bytes:
        return bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])

    def text(tag: int, value: bytes) -> bytes:
        return varint(tag << 3 | 2) + varint(len(value)) + value

    def number(tag: int, value: int) -> bytes:
        return varint(tag << 3) + varint(value)

    def tensor(name: bytes) -> bytes:
        shape = text(2, text(1, text(2, b"N")))
        return text(1, name) + text(2, text(1, number(1, 1) + shape))

    node = text(1, b"x") + text(1, b"x") + text(2, b"y") + text(4, b"Add")
    graph = text(1, node) + text(2, b"double") + text(11, tensor(b"x")) + text(12, tensor(b"y"))
    return number(1, 8) + text(7, graph) + text(8, text(1, b"") + number(2, 13))
