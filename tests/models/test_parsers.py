"""What is parsed comes back as it was written, and nothing written by others breaks a parser."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.models import index
from openaffect.models.addresses import shown, with_credentials_of
from openaffect.models.sources import wheel_parts
from openaffect.types import WeightFile, WeightsUnavailableError

names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}", fullmatch=True)
members = st.lists(names, min_size=1, max_size=4).map("/".join)


@settings(deadline=None)
@given(parts=st.lists(st.tuples(names, versions, members), min_size=1, max_size=3))
def test_package_sources_come_back_as_written(parts: list[tuple[str, str, str]]) -> None:
    source = "package:" + " + ".join(
        f"{name}=={version}/{name}-{version}.whl#{member}" for name, version, member in parts
    )
    digests = tuple(f"{i:064x}" for i in range(len(parts)))
    found = wheel_parts(WeightFile("role", source, "0" * 64, 1, digests, "file"))
    assert [(part.package, part.version, part.member) for part in found] == parts
    assert tuple(part.sha256 for part in found) == digests


@settings(deadline=None)
@given(hrefs=st.lists(members, max_size=5), noise=st.text(alphabet="<>&\"'/a =!-[?", max_size=40))
def test_links_of_a_page_are_found_in_order(hrefs: list[str], noise: str) -> None:
    base = "https://one.example/simple/x/"
    page = "".join(f'<a class=c href="{href}">text</a>\n' for href in hrefs)
    assert list(index._parse(page, "text/html", base)) == [urljoin(base, href) for href in hrefs]
    try:
        list(index._parse(noise + page + noise, "text/html", base))
    except WeightsUnavailableError as error:
        assert "not a readable index page" in str(error)


@settings(deadline=None)
@given(text=st.text())
def test_a_json_page_of_anything_breaks_nothing(text: str) -> None:
    try:
        assert list(index._parse(text, "application/json", "https://one.example/")) == []
    except WeightsUnavailableError as error:
        assert "not a readable index page" in str(error)


@settings(deadline=None)
@given(host=names, path=members, secret=names)
def test_credentials_stay_with_their_host_and_out_of_messages(
    host: str, path: str, secret: str
) -> None:
    page = f"https://user:{secret}@{host}.example/simple/"
    own = f"https://{host}.example/{path}"
    assert with_credentials_of(page, own) == f"https://user:{secret}@{host}.example/{path}"
    for other in (f"https://cdn.{host}.example/{path}", f"http://{host}.example/{path}"):
        assert with_credentials_of(page, other) == other
    assert shown(with_credentials_of(page, own)) == own


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/json", '{"files": 3}'),
        ("application/json", '{"files": [{"url": 1}, {}, 2, {"url": "http://["}]}'),
        ("text/html", '<a href="http://[">x</a><a>y</a>'),
    ],
)
def test_links_that_are_none_are_passed_over(kind: str, text: str) -> None:
    assert list(index._parse(text, kind, "https://one.example/")) == []


def test_a_broken_declaration_is_no_readable_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(parser: object, text: str) -> None:
        raise AssertionError("as some Pythons say of '<![/!D'")

    monkeypatch.setattr(index._Anchors, "feed", feed)
    with pytest.raises(WeightsUnavailableError, match=r"one\.example/: not a readable index page"):
        list(index._parse("<![/!D", "text/html", "https://one.example/"))


def test_without_pip_the_one_that_python_bundles_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = importlib.util.find_spec("ensurepip")
    if bundled is None or not list(
        (Path(str(bundled.origin)).parent / "_bundled").glob("pip-*.whl")
    ):
        pytest.skip("this Python bundles no pip")
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pip" else find(name)
    )
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert str(index._pip_command()[0]).endswith("pip")  # type: ignore[index]
    assert index.pip_settings().indexes[0].startswith("https://")


def test_without_any_pip_only_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_pip_command", lambda: None)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    assert index.pip_settings() == index.IndexSettings((), ())
    monkeypatch.setenv("PIP_INDEX_URL", "https://one.example/simple")
    assert index.pip_settings().indexes == ("https://one.example/simple",)
