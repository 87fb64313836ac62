"""A real server on this machine that speaks the protocol, and one that does not."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from openaffect.generate._request import TextRequest
from openaffect.models import CardWeights, card
from openaffect.models.backends import openai_server
from openaffect.models.backends.openai_server import KEY, OpenAIServer, Sampling
from openaffect.models.store import Store
from openaffect.pipeline.generate_text import text_generator
from openaffect.types import InvalidValueError, Message, ServerError, WeightsUnavailableError

requests = pytest.importorskip("requests", reason="requests comes with the extra generate")
HOW = Sampling(length=20, temperature=0.5, top=0.9, seed=3)
ASKED = [Message("user", "Go on.")]


def event(text, last=False):
    choice = {"delta": {"content": text}, "finish_reason": "stop" if last else None}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


@contextmanager
def serving(*answers):
    """Serve the answers in turn: (status, body) each; gives the address and what was asked."""
    asked, todo = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, dict(self.headers), json.loads(body)))
            status, answer = todo.pop(0) if len(todo) > 1 else todo[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with running(Handler) as address:
        yield address, asked


@contextmanager
def running(handler):
    """Run a server with that handler on this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(address, **choices):
    return list(OpenAIServer(address, "made", pause=0, **choices).answer(ASKED, HOW))


def test_pieces_come_as_they_are_sent():
    body = event("Hel") + b": a comment\n\n" + event("lo") + event("", True) + b"data: [DONE]\n\n"
    with serving((200, body)) as (address, asked):
        assert answer(address) == ["Hel", "lo"]
    path, _, said = asked[0]
    assert path == "/v1/chat/completions"
    assert said == {
        "model": "made", "messages": [{"role": "user", "content": "Go on."}], "max_tokens": 20,
        "temperature": 0.5, "top_p": 0.9, "seed": 3, "stream": True,
    }  # fmt: skip


@pytest.mark.parametrize("chunked", [False, True])
def test_a_word_is_there_before_the_next_one_is_sent(chunked):
    """From a server that says how long its answer is in no way, and from one that sends chunks."""
    seen = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if chunked else "HTTP/1.0"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            if chunked:
                self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.send(event("Hel"))
            seen.wait(20)
            self.send(event("lo", True))
            self.close_connection = True

        def send(self, body):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) if chunked else body)

        def log_message(self, *_):
            pass

    with running(Handler) as address:
        pieces = OpenAIServer(address, "made", timeout=5).answer(ASKED, HOW)
        assert next(pieces) == "Hel"
        seen.set()
        assert next(pieces) == "lo"


def test_a_server_that_says_nothing_more_is_given_up():
    held = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(event("Hel"))
            held.wait(20)

        def log_message(self, *_):
            pass

    with running(Handler) as address:
        pieces = OpenAIServer(address, "made", timeout=0.2).answer(ASKED, HOW)
        assert next(pieces) == "Hel"
        with pytest.raises(ServerError, match="broke off"):
            next(pieces)
        held.set()


def test_a_server_that_takes_too_long_in_all_is_given_up():
    with serving((200, event("Hel") + event("lo", True))) as (address, _):
        pieces = OpenAIServer(address, "made", deadline=0.0).answer(ASKED, HOW)
        with pytest.raises(ServerError, match="longer than 0 s"):
            next(pieces)


def test_a_chunked_answer_that_breaks_off_is_told_from_a_whole_one():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            body = event("Hel")
            self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
            self.wfile.write(b"fff\r\ndata: {")
            self.close_connection = True

        def log_message(self, *_):
            pass

    with running(Handler) as address:
        pieces = OpenAIServer(address, "made", timeout=5).answer(ASKED, HOW)
        assert next(pieces) == "Hel"
        with pytest.raises(ServerError, match="broke off"):
            next(pieces)


def test_a_busy_server_says_when_to_come_back(monkeypatch):
    waited = []
    monkeypatch.setattr(openai_server.time, "sleep", waited.append)

    class Handler(BaseHTTPRequestHandler):
        turns: ClassVar = ["7", "soon", "900"]

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(429 if self.turns else 200)
            if self.turns:
                self.send_header("Retry-After", self.turns.pop(0))
            self.end_headers()
            self.wfile.write(event("a", True))

        def log_message(self, *_):
            pass

    with running(Handler) as address:
        assert answer(address, tries=4) == ["a"]
    assert waited == [7.0, 0.0, 30.0]


@pytest.mark.slow
def test_llama_cpp_itself_is_understood():
    """llama.cpp's own server in this process, with the default model."""
    xllamacpp = pytest.importorskip("xllamacpp", reason="xllamacpp is a peer, not a dependency")
    weights = CardWeights(card("smollm2-135m-instruct"), Store(offline=True))
    try:
        path = weights.path("model")
    except WeightsUnavailableError as error:
        pytest.skip(str(error))
    settings = xllamacpp.CommonParams()
    settings.model.path = path
    settings.n_ctx, settings.n_gpu_layers, settings.verbosity = 512, 0, 0
    server = xllamacpp.Server(settings)
    address = f"{server.listening_address}/v1"
    question = "Say hello to my friend, who is called Anna."
    how = Sampling(length=24, temperature=0.0, top=1.0, seed=0)
    pieces = list(OpenAIServer(address, "any").answer([Message("user", question)], how))
    assert 1 < len(pieces) <= 25
    whole = requests.post(
        f"{address}/chat/completions",
        json={
            "messages": [{"role": "user", "content": question}],
            "max_tokens": 24, "temperature": 0.0, "top_p": 1.0, "seed": 0,
        },
        timeout=60,
    ).json()  # fmt: skip
    assert "".join(pieces) == whole["choices"][0]["message"]["content"]
    assert pieces[0] == "Hello"

    generator = text_generator(server=address, model="any", judged=False)
    chunks = list(generator(TextRequest(prompt="The train was late.", emotion="fear", length=12)))
    result = chunks[-1].result
    assert result.complete
    assert result.text == "".join(chunk.text for chunk in chunks)
    assert 1 < len(result.text.split()) <= 12
    assert result.made_by["server"] == address


def test_the_key_is_sent_where_there_is_one(monkeypatch):
    monkeypatch.setenv(KEY, "secret")
    with serving((200, event("a", True))) as (address, asked):
        answer(address)
    assert asked[0][1]["Authorization"] == "Bearer secret"


def test_a_busy_server_is_asked_again():
    with serving((503, b"busy"), (200, event("a", True))) as (address, asked):
        assert answer(address) == ["a"]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("status", "told", "calls"),
    [(401, f"wants a key; put it into {KEY}", 1), (404, "no model 'made'", 1), (500, "oops", 3)],
)
def test_a_refusal_says_what_to_do(monkeypatch, status, told, calls):
    monkeypatch.delenv(KEY, raising=False)
    with serving((status, b"oops")) as (address, asked), pytest.raises(ServerError, match=told):
        answer(address)
    assert len(asked) == calls


def test_a_server_that_dies_leaves_what_it_sent():
    with serving((200, event("Hel"))) as (address, _):
        pieces = OpenAIServer(address, "made").answer(ASKED, HOW)
        assert next(pieces) == "Hel"
        with pytest.raises(ServerError, match="broke off before the end"):
            next(pieces)


@pytest.mark.parametrize("body", [b"data: {not json}\n\n", b"data: [1]\n\n", b"data: 5\n\n"])
def test_what_is_no_event_is_named(body):
    with serving((200, body)) as (address, _), pytest.raises(ServerError, match="no event"):
        answer(address)


def test_a_line_without_an_end_is_given_up():
    with (
        serving((200, b"data: " + b"x" * 2**21)) as (address, _),
        pytest.raises(ServerError, match="without an end"),
    ):
        answer(address)


def test_no_server_is_named():
    with serving((200, b"")) as (address, _):
        pass
    with pytest.raises(ServerError, match=r"cannot be reached.*is it running"):
        answer(address, tries=1)


@pytest.mark.parametrize(("address", "model"), [("ftp://x/v1", "m"), ("http://x/v1", "")])
def test_bad_names_are_refused(address, model):
    with pytest.raises(InvalidValueError, match="give"):
        OpenAIServer(address, model)
