"""Opening an address: https, or http on this very machine, through redirects as well."""

from __future__ import annotations

import base64
import ipaddress
import urllib.request
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from openaffect.types import WeightsUnavailableError

STALL_SECONDS = 30.0
"""A connection that brings nothing for this long is given up."""


def check_address(url: str, *, from_loopback: bool = True) -> None:
    """Refuse an address that is neither https nor on this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and is_loopback(url) and from_loopback:
        return
    raise WeightsUnavailableError(
        f"{shown(url)}: only https addresses (or http on this machine) are fetched"
    )


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(url: str) -> str:
    """Return an address without name, password and query, fit for messages."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def with_credentials_of(page: str, link: str) -> str:
    """Return ``link`` with the name and password of ``page`` when both are of one host."""
    credentials, _, host = urlsplit(page).netloc.rpartition("@")
    parts = urlsplit(link)
    if not credentials or parts.netloc != host or parts.scheme != urlsplit(page).scheme:
        return link
    return urlunsplit(parts._replace(netloc=f"{credentials}@{host}"))


def open_address(url: str, *, headers: dict[str, str], cafile: str = "") -> Any:
    """Open an https address (or http on this machine) and return urllib's response.

    A name and password in the address become a Basic authorisation; a redirect keeps to the same
    rule of addresses and loses the authorisation when it leads to another host.
    """
    check_address(url)
    parts = urlsplit(url)
    credentials, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(
        urlunsplit((parts.scheme, host, parts.path, parts.query, "")), headers=headers
    )
    if credentials:
        token = base64.b64encode(unquote(credentials).encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {token}")
    handlers: list[Any] = [_CheckedRedirects(), *_certificates(cafile)]
    if is_loopback(url):
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers).open(request, timeout=STALL_SECONDS)


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        check_address(newurl, from_loopback=is_loopback(req.full_url))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _certificates(cafile: str) -> list[Any]:
    if not cafile:
        return []
    import ssl

    context = ssl.create_default_context()
    context.load_verify_locations(cafile=cafile)
    return [urllib.request.HTTPSHandler(context=context)]
