"""Finding a pinned wheel as pip would: the same indexes and folders, by the same settings.

A wheel is only ever taken by its SHA-256, so an index can withhold it but not replace it.
Pages follow PEP 503 (HTML) or PEP 691 (JSON).
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from openaffect.types import IntegrityError, WeightsUnavailableError

from .addresses import open_address, shown, with_credentials_of
from .sources import WheelPart

PAGE_LIMIT = 64 << 20
"""Bytes that one page of an index may have."""
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
_DEFAULT_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
_PIP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Where wheels are looked for: folders or pages of links first, then index roots."""

    find_links: tuple[str, ...]
    indexes: tuple[str, ...]
    cafile: str = ""


def pip_settings() -> IndexSettings:
    """Return the settings that ``pip download`` would use here.

    They come from the environment and from ``pip config``; where neither names an index, from
    pip's own default. Without any pip (neither installed nor bundled with Python), only the
    environment counts.
    """
    values = _configured()
    pip = _pip_command()
    if values.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        indexes: list[str] = []
    else:
        root = values.get("index-url") or _default_index(pip)
        indexes = [*root.split(), *values.get("extra-index-url", "").split()]
    return IndexSettings(
        tuple(values.get("find-links", "").split()), tuple(indexes), values.get("cert", "")
    )


def _configured() -> dict[str, str]:
    """Return pip's settings by long option name; the more special place wins."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, "download": {}}
    for line in _run_pip(["config", "list"]).splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.strip().partition(".")
        if section in found:
            found[section][key] = _unquoted(value)
    merged = {key: value for section in found.values() for key, value in section.items()}
    for key in ("index-url", "extra-index-url", "find-links", "no-index", "cert"):
        named = os.environ.get("PIP_" + key.upper().replace("-", "_"))
        if named:
            merged[key] = named
    return merged


def _unquoted(text: str) -> str:
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text


def _default_index(pip: list[str] | None) -> str:
    if pip is None:
        return ""
    folder = "" if pip == ["-m", "pip"] else str(Path(pip[0]).parent)
    code = f"import sys; sys.path[:0] = [{folder!r}] if {folder!r} else []; {_DEFAULT_INDEX}"
    return _run(["-c", code]).strip()


def _run_pip(arguments: list[str]) -> str:
    pip = _pip_command()
    return _run([*pip, *arguments]) if pip else ""


def _pip_command() -> list[str] | None:
    """Return how to run pip: as installed, else out of the wheel that Python bundles."""
    if importlib.util.find_spec("pip") is not None:
        return ["-m", "pip"]
    if (bundled := importlib.util.find_spec("ensurepip")) and bundled.origin:
        wheels = sorted((Path(bundled.origin).parent / "_bundled").glob("pip-*.whl"))
        if wheels:
            return [str(wheels[-1] / "pip")]
    return None


def _run(arguments: list[str]) -> str:
    try:
        answer = subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            timeout=_PIP_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""


def wheel_links(part: WheelPart, settings: IndexSettings, *, offline: bool) -> Iterator[str]:
    """Yield the addresses (https, http on this machine, or file) at which the wheel stands.

    With ``offline``, only folders and file indexes of this machine are looked at. An index that
    cannot be reached is told of (:class:`WeightsUnavailableError`) after the others had their turn.
    """
    project = re.sub(r"[-_.]+", "-", part.package).lower()
    pages = [*settings.find_links]
    pages += [f"{index.rstrip('/')}/{project}/" for index in settings.indexes]
    failure: WeightsUnavailableError | None = None
    for page in pages:
        local = local_path(page)
        if local is None and offline:
            continue
        try:
            links = list(_links(page, local, settings))
        except WeightsUnavailableError as error:
            failure = error
            continue
        for link in links:
            if unquote(urlsplit(link).path).rpartition("/")[2] == part.wheel:
                yield link
    if failure is not None:
        raise failure


def local_path(address: str) -> Path | None:
    """Return the path of a ``file:`` address or a plain path, None for anything else."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return None if parts.scheme in ("http", "https") else Path(address).expanduser()


def _links(page: str, local: Path | None, settings: IndexSettings) -> Iterator[str]:
    """Yield the absolute links of one page or folder; a page that is not there has none."""
    if local is None:
        base, kind, text = _read_page(page, settings)
        for link in _parse(text, kind, base):
            if urlsplit(link).scheme in ("http", "https"):
                yield with_credentials_of(page, link)
    elif local.is_dir() and not (local / "index.html").is_file():
        files = [*local.glob("*.whl"), *local.glob("*.tar.gz")]
        yield from (path.absolute().as_uri() for path in sorted(files))
    else:
        path = local / "index.html" if local.is_dir() else local
        if path.is_file() and path.stat().st_size <= PAGE_LIMIT:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from _parse(text, "text/html", path.absolute().as_uri())


def _read_page(page: str, settings: IndexSettings) -> tuple[str, str, str]:
    """Return (address after redirects, content type, text); empty where there is no such page."""
    import urllib.error

    headers = {"Accept": _ACCEPT, "Accept-Encoding": "identity", "User-Agent": "openaffect"}
    try:
        with open_address(page, headers=headers, cafile=settings.cafile) as response:
            data = response.read(PAGE_LIMIT + 1)
            kind = response.headers.get_content_type()
            base = response.geturl()
    except urllib.error.HTTPError as error:
        if error.code in (401, 403, 404, 410):
            return page, "text/html", ""
        raise WeightsUnavailableError(
            f"the package index {shown(page)} answered HTTP {error.code}"
        ) from error
    except OSError as error:
        raise WeightsUnavailableError(
            f"the package index {shown(page)} cannot be reached ({error})"
        ) from error
    if len(data) > PAGE_LIMIT:
        raise IntegrityError(f"{shown(page)}: the page is larger than {PAGE_LIMIT} bytes")
    return base, kind, data.decode("utf-8", errors="replace")


def _parse(text: str, kind: str, base: str) -> Iterator[str]:
    """Yield the absolute links of a page; what is no address is passed over."""
    links = _json_links(text, base) if kind.endswith("json") else _html_links(text, base)
    for link in links:
        with contextlib.suppress(ValueError):
            address = urljoin(base, link)
            urlsplit(address)
            yield address


def _html_links(text: str, base: str) -> Iterator[str]:
    parser = _Anchors()
    try:
        parser.feed(text)
    except AssertionError as error:  # what Python's parser makes of a broken declaration
        raise WeightsUnavailableError(f"{shown(base)}: not a readable index page") from error
    for link in parser.links:
        with contextlib.suppress(ValueError):
            yield urljoin(parser.base, link)


def _json_links(text: str, base: str) -> Iterator[str]:
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        raise WeightsUnavailableError(f"{shown(base)}: not a readable index page") from error
    files = data.get("files") if isinstance(data, Mapping) else None
    for item in files if isinstance(files, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("url"), str):
            yield item["url"]


class _Anchors(HTMLParser):
    """Collects what ``<a href>`` and ``<base href>`` say."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "base" and not self.base:
            self.base = href
        elif tag == "a" and href:
            self.links.append(href)
