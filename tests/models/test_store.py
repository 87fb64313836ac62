"""The store: what it finds, fetches, verifies, refuses and clears."""

from __future__ import annotations

import errno
import os
import socket
import threading
import urllib.error
from pathlib import Path

import pytest

from openaffect.models import addresses, download
from openaffect.models.store import Store, cache_folder
from openaffect.types import (
    IntegrityError,
    InvalidValueError,
    OutputError,
    WeightFile,
    WeightsUnavailableError,
)

from .conftest import Route, Server, card_of, catalogue_of, sha256, weight_file


def parts_left(store: Store) -> list[str]:
    return [path.name for path in store.root.rglob("*.part")]


def test_fetch_puts_the_verified_file_in_the_cards_folder(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    told: list[tuple[str, float, float | None]] = []
    assert store.locate(card, "model") is None
    assert not store.root.exists()
    path = store.fetch(card, "model", lambda *facts: told.append(facts))
    assert path == store.root / "stub" / "m.onnx"
    assert path.read_bytes() == content
    assert store.locate(card, "model") == path
    assert parts_left(store) == []
    assert told[-1] == ("m.onnx", len(content), len(content))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_fetch_asks_once_and_never_again(store: Store, server: Server, content: bytes) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    store.fetch(card, "model")
    store.fetch(card, "model")
    Store(store.root, catalogue=catalogue_of(card)).fetch(card)
    assert server.seen == [("/m.onnx", None)]


def test_hub_source_follows_the_hubs_address(
    store: Store, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.url + "/")
    server.routes["/owner/repository/resolve/v1/onnx/m.onnx"] = Route(content)
    card = card_of(weight_file("hf:owner/repository@v1/onnx/m.onnx", content))
    assert store.fetch(card, "model").read_bytes() == content


def test_a_transfer_that_breaks_off_is_gone_on_with_by_range(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content, cuts=[300_000, 400_000])
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    assert store.fetch(card, "model").read_bytes() == content
    assert server.ranges("/m.onnx") == [None, "bytes=300000-", "bytes=700000-"]


def test_a_later_call_goes_on_where_an_interrupted_one_stopped(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))

    def interrupt(what: str, done: float, total: float | None) -> None:
        if done > 200_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fetch(card, "model", interrupt)
    assert store.locate(card, "model") is None
    assert parts_left(store) == [".m.onnx.part"]
    kept = (store.root / "stub" / ".m.onnx.part").stat().st_size
    assert 200_000 < kept < len(content)
    assert store.fetch(card, "model").read_bytes() == content
    assert server.ranges("/m.onnx") == [None, f"bytes={kept}-"]


def test_a_server_without_ranges_is_begun_again(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content, ranges=False, cuts=[300_000])
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    assert store.fetch(card, "model").read_bytes() == content
    assert server.ranges("/m.onnx") == [None, "bytes=300000-"]


def test_a_part_of_something_else_is_thrown_away(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    (store.root / "stub").mkdir(parents=True)
    (store.root / "stub" / ".m.onnx.part").write_bytes(b"x" * 1000)
    assert store.fetch(card, "model").read_bytes() == content
    assert server.ranges("/m.onnx") == ["bytes=1000-", None]


@pytest.mark.parametrize("extra", [0, 7])
def test_a_part_that_is_complete_or_too_long(
    store: Store, server: Server, content: bytes, extra: int
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    (store.root / "stub").mkdir(parents=True)
    (store.root / "stub" / ".m.onnx.part").write_bytes(content + b"x" * extra)
    assert store.fetch(card, "model").read_bytes() == content


def test_a_server_that_always_cuts_is_given_up_with_what_came_kept(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content, cuts=[1000] + [0] * 20)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    with pytest.raises(WeightsUnavailableError, match=r"1000 bytes are kept.*models pull stub"):
        store.fetch(card, "model")
    assert len(server.seen) == 4


def test_wrong_bytes_are_refused_and_leave_nothing(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content[::-1])
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    with pytest.raises(IntegrityError, match=sha256(content)):
        store.fetch(card, "model")
    assert store.locate(card, "model") is None
    assert parts_left(store) == []


@pytest.mark.parametrize("length", [True, False])
def test_more_bytes_than_the_card_says_are_refused(
    store: Store, server: Server, content: bytes, length: bool
) -> None:
    server.routes["/m.onnx"] = Route(content + b"more", length=length)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    with pytest.raises(IntegrityError, match="more than"):
        store.fetch(card, "model")
    assert parts_left(store) == []


def test_what_is_not_there_says_so_and_what_to_run(store: Store, server: Server) -> None:
    card = card_of(weight_file(f"url:{server.url}/absent.onnx", b"x"))
    with pytest.raises(WeightsUnavailableError, match=r"404.*openaffect models pull stub"):
        store.fetch(card, "model")
    assert len(server.seen) == 1


def test_a_server_in_trouble_is_asked_again(store: Store, server: Server) -> None:
    server.routes["/m.onnx"] = Route(status=503)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", b"x"))
    with pytest.raises(WeightsUnavailableError, match="503"):
        store.fetch(card, "model")
    assert len(server.seen) == 4


def test_a_server_that_falls_silent_is_given_up(
    store: Store, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "STALL_SECONDS", 0.02)
    server.routes["/m.onnx"] = Route(hang=threading.Event())
    try:
        with pytest.raises(WeightsUnavailableError, match="timed out"):
            store.fetch(card_of(weight_file(f"url:{server.url}/m.onnx", b"x")), "model")
    finally:
        server.routes["/m.onnx"].hang.set()  # type: ignore[union-attr]


def test_a_server_that_only_drips_is_given_up(
    store: Store, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "GRACE_SECONDS", -1e6)
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    with pytest.raises(WeightsUnavailableError, match="slower than the slowest"):
        store.fetch(card, "model")


def test_a_host_that_does_not_exist_is_not_asked_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def unknown(*arguments: object, **more: object) -> None:
        tries.append(arguments)
        raise urllib.error.URLError(socket.gaierror(-2, "Name or service not known"))

    monkeypatch.setattr(download, "open_address", unknown)
    with pytest.raises(WeightsUnavailableError, match=r"cannot be reached.*models pull stub"):
        store.fetch(card_of(weight_file("url:https://absent.invalid/m", b"x")), "model")
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8/x", True),
        ("http://localhost/x", True),
        ("http://[::1]/x", True),
        ("http://127.example.org/x", False),
        ("http://localhost.example.org/x", False),
    ],
)
def test_this_machine_is_told_by_address(url: str, here: bool) -> None:
    assert addresses.is_loopback(url) is here


@pytest.mark.parametrize("where", ["http://198.51.100.7/m.onnx", "ftp://198.51.100.7/m.onnx"])
def test_a_redirect_off_https_is_refused(store: Store, server: Server, where: str) -> None:
    server.routes["/m.onnx"] = Route(location=where)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", b"x"))
    with pytest.raises(WeightsUnavailableError):
        store.fetch(card, "model")
    assert len(server.seen) == 1


def test_a_redirect_on_this_machine_is_followed(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/old.onnx"] = Route(location=f"{server.url}/new.onnx")
    server.routes["/new.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/old.onnx", content))
    assert store.fetch(card, "model").read_bytes() == content


@pytest.mark.parametrize("source", ["url:http://198.51.100.7/m", "url:file:///etc/hosts"])
def test_plain_http_and_file_addresses_are_refused(store: Store, source: str) -> None:
    with pytest.raises(WeightsUnavailableError, match="only https"):
        store.fetch(card_of(weight_file(source, b"x")), "model")


def test_offline_fetches_nothing_and_says_what_to_run(
    tmp_path: Path, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    monkeypatch.setenv("OPENAFFECT_OFFLINE", "1")
    offline = Store(tmp_path / "cache", catalogue=catalogue_of())
    with pytest.raises(WeightsUnavailableError, match=r"offline.*`openaffect models pull stub`"):
        offline.fetch(card, "model")
    assert server.seen == []
    Store(tmp_path / "cache", offline=False, catalogue=catalogue_of()).fetch(card)
    assert offline.fetch(card, "model").read_bytes() == content


def test_a_damaged_file_is_noticed_and_fetched_again(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    path = store.fetch(card, "model")
    path.write_bytes(content[:-1] + b"?")
    assert store.locate(card, "model") is None
    assert store.verify(card) == ("model",)
    assert store.fetch(card, "model").read_bytes() == content
    assert store.verify(card) == ()


def test_verify_notices_damage_that_size_and_time_hide(
    store: Store, server: Server, content: bytes
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    path = store.fetch(card, "model")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(b"?" + content[1:])
    os.utime(path, ns=times)
    assert store.locate(card, "model") == path, "the stamp still agrees"
    assert store.verify(card) == ("model",)
    assert store.locate(card, "model") is None
    assert store.fetch(card, "model").read_bytes() == content


def test_the_digest_is_not_computed_again_while_size_and_time_agree(
    store: Store, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    store.fetch(card, "model")

    def forbidden(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr("openaffect.models.digests.sha256_of", forbidden)
    assert store.locate(card, "model") is not None


def test_the_folders_of_the_environment_come_first(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "m.onnx").write_bytes(b"something else of that name")
    (tmp_path / "b" / "m.onnx").write_bytes(content)
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", f"{tmp_path / 'a'}{os.pathsep}{tmp_path / 'b'}")
    store = Store(tmp_path / "cache", offline=True, catalogue=catalogue_of())
    card = card_of(weight_file("url:https://example.org/m.onnx", content))
    assert store.fetch(card, "model") == tmp_path / "b" / "m.onnx"


def test_a_copied_cache_serves_as_such_a_folder(
    tmp_path: Path, store: Store, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))
    store.fetch(card)
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(store.root))
    other = Store(tmp_path / "other", offline=True, catalogue=catalogue_of())
    assert other.locate(card, "model") == store.root / "stub" / "m.onnx"


def test_two_cards_of_one_file_share_it(tmp_path: Path, server: Server, content: bytes) -> None:
    server.routes["/m.onnx"] = Route(content)
    file = weight_file(f"url:{server.url}/m.onnx", content)
    first, second = card_of(file, name="first"), card_of(file, name="second")
    store = Store(tmp_path / "cache", catalogue=catalogue_of(first, second))
    assert store.fetch(first, "model") == store.fetch(second, "model")
    assert len(server.seen) == 1


def test_file_sources_lie_beside_the_card(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.onnx").write_bytes(content)
    card = card_of(weight_file("file:m.onnx", content))
    store = Store(tmp_path / "cache", catalogue=catalogue_of(card, folder=tmp_path))
    assert store.fetch(card, "model") == tmp_path / "m.onnx"
    assert store.folder(card) == tmp_path
    (tmp_path / "m.onnx").write_bytes(content + b"!")
    with pytest.raises(IntegrityError, match="install the package again"):
        store.fetch(card, "model")
    (tmp_path / "m.onnx").unlink()
    with pytest.raises(WeightsUnavailableError, match="does not exist"):
        store.fetch(card, "model")


def test_file_sources_do_not_lead_out_of_the_cards_folder(tmp_path: Path) -> None:
    card = card_of(weight_file("file:../secret", b"x"))
    store = Store(tmp_path / "cache", catalogue=catalogue_of(card, folder=tmp_path / "cards"))
    with pytest.raises(InvalidValueError, match="leads out"):
        store.fetch(card, "model")


def test_a_card_that_is_not_installed_has_no_folder(store: Store) -> None:
    with pytest.raises(InvalidValueError, match="not installed"):
        store.fetch(card_of(weight_file("file:m.onnx", b"x")), "model")


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "a\\b"])
def test_a_cards_name_does_not_lead_out_of_the_cache(store: Store, name: str) -> None:
    with pytest.raises(InvalidValueError, match="folder"):
        store.fetch(card_of(weight_file("url:https://example.org/m", b"x"), name=name), "model")


def test_folder_gathers_files_from_several_places(
    tmp_path: Path, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "a.bin").write_bytes(b"aaa")
    server.routes["/b.bin"] = Route(content)
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(tmp_path / "local"))
    store = Store(tmp_path / "cache", catalogue=catalogue_of())
    card = card_of(
        weight_file("url:https://example.org/a.bin", b"aaa", "a"),
        weight_file(f"url:{server.url}/b.bin", content, "b"),
    )
    folder = store.folder(card)
    assert sorted(path.name for path in folder.iterdir()) == ["a.bin", "b.bin"]
    assert (folder / "a.bin").read_bytes() == b"aaa"


def test_clear_removes_one_card_or_all(tmp_path: Path, server: Server, content: bytes) -> None:
    server.routes["/m.onnx"] = Route(content)
    server.routes["/n.onnx"] = Route(content[:1000])
    one = card_of(weight_file(f"url:{server.url}/m.onnx", content), name="one")
    two = card_of(weight_file(f"url:{server.url}/n.onnx", content[:1000]), name="two")
    store = Store(tmp_path / "cache", catalogue=catalogue_of(one, two))
    store.fetch(one)
    store.fetch(two)
    assert store.clear(one) == len(content)
    assert store.locate(one, "model") is None
    assert store.locate(two, "model") is not None
    assert store.clear() >= 1000
    assert store.locate(two, "model") is None
    assert store.clear() == 0


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "cache", catalogue=catalogue_of())
    with pytest.raises(OutputError, match="OPENAFFECT_CACHE"):
        store.fetch(card_of(weight_file(f"url:{server.url}/m", b"x")), "model")


def test_a_full_disk_is_named_and_leaves_no_half_file(
    store: Store, server: Server, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/m.onnx"] = Route(content)
    card = card_of(weight_file(f"url:{server.url}/m.onnx", content))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        store.fetch(card, "model")
    assert not (store.root / "stub" / "m.onnx").exists()


def test_the_cache_folder_is_the_environments_or_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_folder().name == "openaffect"
    monkeypatch.setenv("OPENAFFECT_CACHE", str(tmp_path))
    assert Store().root == tmp_path


def test_two_files_of_one_role_name_apart(store: Store) -> None:
    with pytest.raises(InvalidValueError, match="no file for role"):
        store.fetch(card_of(WeightFile("a", "url:https://e.org/a", "0" * 64, 1)), "b")
