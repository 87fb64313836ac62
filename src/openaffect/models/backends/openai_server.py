"""Language models behind a server that speaks OpenAI's chat protocol.

vLLM, Ollama, llama.cpp and most hosted models do. Nothing is sent anywhere but to the address that
the user named, and the key is read from the environment, never from a file or an argument.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openaffect.types import InvalidValueError, Message, ServerError, need

KEY = "OPENAI_API_KEY"
"""The environment variable that holds the key, where the server wants one."""
CONNECT = 10.0
_LONGEST_LINE = 2**20
_LONGEST_ANSWER = 2**20
_LONGEST_PAUSE = 30.0
_TRY_AGAIN = (408, 409, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next tokens are drawn: ``length`` tokens at most, temperature, nucleus, seed."""

    length: int
    temperature: float
    top: float
    seed: int


class OpenAIServer:
    """One model of one server.

    Parameters
    ----------
    address: up to and with the version, ``http://localhost:11434/v1`` for example.
    model: the name that the server knows it by.
    timeout: seconds without a byte after which the server counts as gone; :data:`CONNECT` seconds
        are enough to be reached at all.
    deadline: seconds that one answer may take in all.
    tries: calls for one answer before giving up; only calls that failed before their first word are
        made again, each after twice the pause of the one before, or when the server says.
    """

    def __init__(
        self,
        address: str,
        model: str,
        *,
        timeout: float = 60.0,
        deadline: float = 600.0,
        tries: int = 3,
        pause: float = 0.5,
    ) -> None:
        if not address.startswith(("http://", "https://")):
            raise InvalidValueError(
                f"address {address!r} is no http or https address; give the server's, up to /v1"
            )
        if not model:
            raise InvalidValueError("the name of the server's model is empty; give one it knows")
        self.address, self.model = address.rstrip("/"), model
        self._timeout, self._deadline = timeout, deadline
        self._tries, self._pause = max(1, tries), pause

    def answer(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        """Yield the answer piece by piece, as the server sends it.

        Raises :class:`ServerError` when the server cannot be reached, refuses, or breaks off; what
        was yielded until then is the beginning of its answer.
        """
        end = time.monotonic() + self._deadline
        response = self._open(messages, sampling)
        try:
            yield from self._pieces(response, end)
        finally:
            response.close()

    def _open(self, messages: Sequence[Message], sampling: Sampling) -> Any:
        library = need("requests", extra="generate")
        body = {
            "model": self.model,
            "messages": [{"role": turn.role, "content": turn.content} for turn in messages],
            "max_tokens": sampling.length,
            "temperature": sampling.temperature,
            "top_p": sampling.top,
            "seed": sampling.seed,
            "stream": True,
        }
        key = os.environ.get(KEY)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        problem = ""
        asked = 0.0
        for turn in range(self._tries):
            if turn:
                time.sleep(max(self._pause * 2 ** (turn - 1), asked))
            try:
                response = library.post(
                    f"{self.address}/chat/completions",
                    json=body, headers=headers, stream=True,
                    timeout=(min(CONNECT, self._timeout), self._timeout), allow_redirects=False,
                )  # fmt: skip
            except library.RequestException as error:
                problem = (
                    f"cannot be reached ({type(error).__name__}): is it running, and is the "
                    "address right?"
                )
                continue
            if response.status_code == 200:
                return response
            problem = self._refusal(response, bool(key))
            asked = _pause_asked(response.headers.get("Retry-After", ""))
            response.close()
            if response.status_code not in _TRY_AGAIN:
                break
        raise ServerError(f"the server at {self.address} {problem}")

    def _refusal(self, response: Any, has_key: bool) -> str:
        status = response.status_code
        if status in (401, 403):
            what = "refuses the key in" if has_key else "wants a key; put it into"
            return f"{what} {KEY} (status {status})"
        if status == 404:
            return f"knows no model {self.model!r}, or the address lacks its /v1 (status 404)"
        said = response.raw.read(300, decode_content=True).decode("utf-8", "replace").strip()
        return f"answered with status {status}: {said or 'nothing more'}"

    def _pieces(self, response: Any, end: float) -> Iterator[str]:
        """Read the stream of events (WHATWG HTML, server-sent events)."""
        broken = need("urllib3.exceptions", extra="generate").HTTPError
        length, finished = 0, False
        try:
            for line in _lines(self._chunks(response, end)):
                if not line.startswith(b"data:"):
                    continue
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                piece, last = self._piece(data)
                finished |= last
                length += len(piece)
                if length > _LONGEST_ANSWER:
                    raise ServerError(f"the server at {self.address} does not stop answering")
                if piece:
                    yield piece
        except broken as error:
            raise ServerError(
                f"the server at {self.address} broke off ({type(error).__name__})"
            ) from error
        if not finished:
            raise ServerError(f"the server at {self.address} broke off before the end")

    def _chunks(self, response: Any, end: float) -> Iterator[bytes]:
        """Yield bytes as they come, however few: a word is shown when it is there."""
        while chunk := response.raw.read1(65_536, decode_content=True):
            if time.monotonic() > end:
                raise ServerError(
                    f"the server at {self.address} took longer than {self._deadline:g} s"
                )
            yield chunk

    def _piece(self, data: bytes) -> tuple[str, bool]:
        """Return the text of one event, and whether it is the last one."""
        try:
            event = json.loads(data)
            if "error" in event:
                raise ServerError(f"the server at {self.address} failed: {event['error']}")
            choice = event["choices"][0] if event.get("choices") else {}
            delta = choice.get("delta") or choice.get("message") or {}
            return str(delta.get("content") or ""), choice.get("finish_reason") is not None
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise ServerError(
                f"the server at {self.address} sent what is no event of the protocol: {error}"
            ) from error


def _pause_asked(text: str) -> float:
    """Return the seconds that a busy server asks to be left alone (RFC 9110, Retry-After)."""
    return min(float(text), _LONGEST_PAUSE) if text.isdecimal() else 0.0


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
        if len(rest) > _LONGEST_LINE:
            raise ServerError("the server sends a line without an end")
        yield from lines
    if rest:
        yield rest
