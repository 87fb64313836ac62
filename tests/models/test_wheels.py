"""Files inside pinned wheels: found as pip would find the wheel, taken out, never installed."""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from openaffect.models import wheels
from openaffect.models.index import IndexSettings, pip_settings, wheel_links
from openaffect.models.sources import WheelPart, address, wheel_parts
from openaffect.models.store import Store
from openaffect.types import (
    Card,
    IntegrityError,
    InvalidValueError,
    WeightFile,
    WeightsUnavailableError,
)

from .conftest import Route, Server, card_of, catalogue_of, make_wheel, sha256, weight_file

WHEEL = "some_model-1.0-py3-none-any.whl"
PART = WheelPart("Some.Model", "1.0", WHEEL, "some/m.onnx", "0" * 64)


def packaged(wheel: bytes, data: bytes, member: str = "some/m.onnx", **more: object) -> WeightFile:
    source = f"package:Some.Model==1.0/{WHEEL}#{member}"
    return weight_file(source, data, wheel_sha256=(sha256(wheel),), **more)


def use(monkeypatch: pytest.MonkeyPatch, *indexes: str, find_links: str = "") -> None:
    settings = IndexSettings((find_links,) if find_links else (), indexes)
    monkeypatch.setattr(wheels, "pip_settings", lambda: settings)


@pytest.fixture
def wheel(tmp_path: Path, content: bytes) -> bytes:
    return make_wheel(tmp_path / WHEEL, **{"some__m.onnx": content, "some__config.json": b"{}"})


def html_page(href: str) -> Route:
    page = f'<html><body><a href="other-2.0.whl">x</a><a href="{href}">y</a></body></html>'
    return Route(page.encode(), kind="text/html")


@pytest.mark.parametrize("style", ["html", "html with base", "json"])
def test_a_wheel_is_found_on_a_simple_page(
    store: Store,
    server: Server,
    wheel: bytes,
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
    style: str,
) -> None:
    use(monkeypatch, f"{server.url}/empty", f"{server.url}/simple/")
    page = {
        "html": html_page(f"../../files/{WHEEL}#sha256=abc"),
        "html with base": Route(
            f'<base href="/files/"><a href="{WHEEL}">y</a>'.encode(), kind="text/html"
        ),
        "json": Route(
            json.dumps({"files": [{"filename": WHEEL, "url": f"/files/{WHEEL}"}]}).encode(),
            kind="application/vnd.pypi.simple.v1+json",
        ),
    }[style]
    server.routes["/simple/some-model/"] = page
    server.routes[f"/files/{WHEEL}"] = Route(wheel)
    card = card_of(packaged(wheel, content))
    path = store.fetch(card, "model")
    assert path == store.root / "stub" / "m.onnx"
    assert path.read_bytes() == content


def test_one_wheel_serves_all_files_and_all_cards(
    store: Store, server: Server, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, f"{server.url}/simple")
    server.routes["/simple/some-model/"] = html_page(f"{server.url}/{WHEEL}")
    server.routes[f"/{WHEEL}"] = Route(wheel, cuts=[1000])
    config = packaged(wheel, b"{}", "some/config.json", role="config")
    card = card_of(packaged(wheel, content), config)
    store.fetch(card, "model")
    assert store.locate(card, "config") is not None
    store.fetch(card_of(config, name="other"), "config")
    assert server.ranges(f"/{WHEEL}") == [None, "bytes=1000-"]


def test_a_large_wheel_is_not_kept(
    store: Store, tmp_path: Path, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheels, "KEPT_WHEEL", 1000)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    use(monkeypatch, find_links=str(tmp_path))
    assert store.fetch(card_of(packaged(wheel, content)), "model").read_bytes() == content
    assert list(store.root.rglob("*.whl")) == []
    assert (tmp_path / WHEEL).is_file(), "what was not fetched is not removed"


def test_parts_of_two_wheels_are_joined(
    store: Store, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = content[:400_000], content[400_000:]
    names = [f"half{i}-1.0-py3-none-any.whl" for i in (1, 2)]
    digests = [
        sha256(make_wheel(tmp_path / name, data=half))
        for name, half in zip(names, halves, strict=True)
    ]
    source = f"package:half1==1.0/{names[0]}#data + half2==1.0/{names[1]}#data"
    file = weight_file(source, content, wheel_sha256=digests, name="model.bin")
    use(monkeypatch, find_links=str(tmp_path))
    assert store.fetch(card_of(file), "model").read_bytes() == content
    swapped = weight_file(source, content[::-1], wheel_sha256=digests, name="model.bin")
    with pytest.raises(IntegrityError, match="the card says"):
        store.fetch(card_of(swapped, name="swapped"), "model")
    assert list(store.root.rglob("*.part")) == []


def test_file_indexes_and_folders_serve_offline(
    tmp_path: Path, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "simple" / "some-model"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(f'<a href="../../{WHEEL}">wheel</a>')
    use(monkeypatch, "http://198.51.100.7/simple", (tmp_path / "simple").as_uri())
    store = Store(tmp_path / "cache", offline=True, catalogue=catalogue_of())
    assert store.fetch(card_of(packaged(wheel, content)), "model").read_bytes() == content


def test_the_environments_folder_serves_wheels_and_what_was_unpacked(
    tmp_path: Path, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch)
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(tmp_path))
    card = card_of(packaged(wheel, content))
    store = Store(tmp_path / "cache", offline=True, catalogue=catalogue_of())
    assert store.fetch(card, "model") == tmp_path / "cache" / "stub" / "m.onnx"
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "m.onnx").write_bytes(content)
    assert store.locate(card, "model") == tmp_path / "some" / "m.onnx"


def test_unpacked_parts_are_joined(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch)
    monkeypatch.setenv("OPENAFFECT_WEIGHTS", str(tmp_path))
    (tmp_path / "one").write_bytes(content[:7])
    (tmp_path / "two").write_bytes(content[7:])
    source = f"package:a==1/{WHEEL}#one + b==1/{WHEEL}#two"
    file = weight_file(source, content, wheel_sha256=("0" * 64, "1" * 64), name="model.bin")
    store = Store(tmp_path / "cache", offline=True, catalogue=catalogue_of())
    assert store.fetch(card_of(file), "model").read_bytes() == content


def test_a_wheel_of_other_bytes_is_refused(
    store: Store, server: Server, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, f"{server.url}/simple")
    server.routes["/simple/some-model/"] = html_page(f"/{WHEEL}")
    server.routes[f"/{WHEEL}"] = Route(wheel[::-1])
    with pytest.raises(IntegrityError, match="SHA-256"):
        store.fetch(card_of(packaged(wheel, content)), "model")


def test_a_wheel_that_no_index_has_names_it_and_the_remedy(
    store: Store, server: Server, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, f"{server.url}/simple")
    with pytest.raises(WeightsUnavailableError, match=rf"{WHEEL}.*models pull stub"):
        store.fetch(card_of(packaged(wheel, content)), "model")


def test_an_index_in_trouble_is_told_of_after_the_others(
    store: Store, server: Server, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/broken/some-model/"] = Route(status=500)
    use(monkeypatch, f"{server.url}/broken", f"{server.url}/simple")
    card = card_of(packaged(wheel, content))
    with pytest.raises(WeightsUnavailableError, match="HTTP 500"):
        store.fetch(card, "model")
    server.routes["/simple/some-model/"] = html_page(f"/{WHEEL}")
    server.routes[f"/{WHEEL}"] = Route(wheel)
    assert store.fetch(card, "model").read_bytes() == content


def test_a_page_from_the_network_cannot_point_at_files_of_this_machine(
    server: Server, tmp_path: Path, wheel: bytes
) -> None:
    server.routes["/simple/some-model/"] = html_page((tmp_path / WHEEL).as_uri())
    settings = IndexSettings((), (f"{server.url}/simple",))
    assert list(wheel_links(PART, settings, offline=False)) == []


def test_credentials_of_an_index_are_sent_and_not_shown(
    store: Store, server: Server, wheel: bytes, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = server.url.removeprefix("http://")
    use(monkeypatch, f"http://user:se%20cret@{host}/simple")
    server.routes["/simple/some-model/"] = Route(status=500)
    with pytest.raises(WeightsUnavailableError) as caught:
        store.fetch(card_of(packaged(wheel, content)), "model")
    assert server.authorizations == ["Basic dXNlcjpzZSBjcmV0"]
    assert "cret" not in str(caught.value)
    server.routes["/simple/some-model/"] = html_page(f"/{WHEEL}")
    server.routes[f"/{WHEEL}"] = Route(wheel)
    store.fetch(card_of(packaged(wheel, content)), "model")
    assert server.authorizations == ["Basic dXNlcjpzZSBjcmV0"] * 3


def test_an_entry_larger_than_the_card_says_is_refused(
    store: Store, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = make_wheel(tmp_path / WHEEL, **{"some__m.onnx": bytes(10_000_000)})
    use(monkeypatch, find_links=str(tmp_path))
    with pytest.raises(IntegrityError, match="unpacks to 10000000 bytes"):
        store.fetch(card_of(packaged(bomb, content)), "model")
    assert list((store.root / "stub").glob("*.onnx")) == []


def source_archive(path: Path, member: str, data: bytes) -> bytes:
    with tarfile.open(path, "w:gz") as opened:
        facts = tarfile.TarInfo(member)
        facts.size = len(data)
        opened.addfile(facts, io.BytesIO(data))
    return path.read_bytes()


def from_source(archive: bytes, data: bytes, member: str = "some-1.0/m.onnx") -> WeightFile:
    source = f"package:Some.Model==1.0/some-1.0.tar.gz#{member}"
    return weight_file(source, data, wheel_sha256=(sha256(archive),), name="m.onnx")


def test_a_package_without_a_wheel_is_read_from_its_source(
    store: Store, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = source_archive(tmp_path / "some-1.0.tar.gz", "some-1.0/m.onnx", content)
    use(monkeypatch, find_links=str(tmp_path))
    assert store.fetch(card_of(from_source(archive, content)), "model").read_bytes() == content
    with pytest.raises(IntegrityError, match="holds no entry"):
        store.fetch(card_of(from_source(archive, b"n", "some-1.0/n.onnx")), "model")


@pytest.mark.parametrize("damage", ["not gzip", "cut off"])
def test_a_damaged_source_archive_is_named(
    store: Store, tmp_path: Path, content: bytes, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some-1.0.tar.gz"
    archive = source_archive(path, "some-1.0/m.onnx", content)
    archive = b"no archive" if damage == "not gzip" else archive[: len(archive) // 2]
    path.write_bytes(archive)
    use(monkeypatch, find_links=str(tmp_path))
    with pytest.raises(IntegrityError, match="not readable as a tar archive"):
        store.fetch(card_of(from_source(archive, content)), "model")


def test_an_entry_that_is_not_there_is_named(
    store: Store, tmp_path: Path, wheel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, find_links=str(tmp_path))
    with pytest.raises(IntegrityError, match="no entry 'some/absent'"):
        store.fetch(card_of(packaged(wheel, b"x", "some/absent")), "model")


@pytest.mark.parametrize("member", ["../m", "/etc/m", "a/../../m", "c:\\m", "a\\b"])
def test_a_member_that_leads_elsewhere_is_refused(member: str) -> None:
    with pytest.raises(InvalidValueError, match="plain path"):
        wheel_parts(packaged(b"", b"x", member, name="m"))


@pytest.mark.parametrize(
    "source", ["package:a==1#m", "package:a/w.whl#m", "package:a==1/w.zip#m", "package:a==1/w.whl"]
)
def test_a_malformed_package_source_is_named(source: str) -> None:
    with pytest.raises(InvalidValueError, match="NAME==VERSION"):
        wheel_parts(weight_file(source, b"x", wheel_sha256=("0" * 64,), name="m"))


def test_every_wheel_needs_its_digest() -> None:
    with pytest.raises(InvalidValueError, match="1 wheels but 0"):
        wheel_parts(weight_file("package:a==1/w.whl#m", b"x"))


def test_a_malformed_hub_source_is_named() -> None:
    with pytest.raises(InvalidValueError, match="OWNER/REPOSITORY@REVISION"):
        address(weight_file("hf:owner/repository/m.onnx", b"x"))


def test_settings_are_those_of_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://one.example/simple\ncert = /c.pem\n"
        "extra-index-url = https://two.example/simple\n    https://three.example/simple\n"
        "[download]\nfind-links = /wheels\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    found = pip_settings()
    assert found.find_links == ("/wheels",)
    assert found.cafile == "/c.pem"
    assert found.indexes == tuple(
        f"https://{name}.example/simple" for name in ("one", "two", "three")
    )
    monkeypatch.setenv("PIP_INDEX_URL", "https://four.example/simple")
    assert pip_settings().indexes[0] == "https://four.example/simple"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert pip_settings().indexes == ()


def test_without_a_named_index_pips_own_default_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (index,) = pip_settings().indexes
    assert index.startswith("https://") and index.endswith("/simple")


def test_a_damaged_wheel_archive_is_named(
    store: Store, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / WHEEL).write_bytes(b"no zip archive")
    use(monkeypatch, find_links=str(tmp_path))
    card: Card = card_of(packaged(b"no zip archive", content))
    with pytest.raises(IntegrityError, match="zip archive"):
        store.fetch(card, "model")


def test_damage_inside_an_archive_is_named(
    store: Store, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / WHEEL
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("some/m.onnx", content)
    damaged = bytearray(path.read_bytes())
    damaged[500_000] ^= 1
    path.write_bytes(damaged)
    use(monkeypatch, find_links=str(tmp_path))
    with pytest.raises(IntegrityError, match="CRC"):
        store.fetch(card_of(packaged(bytes(damaged), content)), "model")
