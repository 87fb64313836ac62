"""What runs a language model on a processor: speed, first token, memory, cost in sense.

    python benchmarks/language_runtimes.py --out benchmarks/results/language-runtimes.md

One model, SmolLM2-135M-Instruct out of its GGUF file, by each runtime that is installed, a fresh
process with one thread each, pinned to one core where it can be: a prompt is read, tokens are
written greedily behind it, and the same plain English is measured by each (perplexity: what fewer
bits cost). The file has to be on the machine (``openaffect models pull smollm2-135m-instruct``).
Peers: ``xllamacpp`` and ``llama-cpp-python`` (llama.cpp on the file's own 4 bits),
``onnxruntime-genai`` (a model built from the same weights by PyTorch, without a network), and
transformers; one that is not installed has no figures.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import _machine
from _process import ONE_THREAD, Ended, last_core, run
from _table import publish

MODEL = "smollm2-135m-instruct"
PROMPT = (
    "My grandmother kept a diary for sixty years, and on the last page of every book she wrote "
    "what she hoped for in the next one. When we opened the first of them, we read"
)
TEXT = (
    "The train was late again, and the platform was full of people who looked at their watches and "
    "then at the sky. It had rained since morning. A boy in a yellow coat asked his father whether "
    "the engine was afraid of the water, and the father said that engines are afraid of nothing, "
    "but that the people who drive them have to be careful. An old woman laughed. She told them "
    "that she had taken this train every week for thirty years to see her sister, and that it had "
    "been on time only twice, both times when she herself was late. Then the lights came round the "
    "hill, and everybody picked up their bags. The boy waved at the driver, who waved back, and "
    "for a moment nobody was angry about anything. On the way home I thought about the letter in "
    "my pocket. I had written it three times and thrown it away twice. In the end I did what my "
    "mother always told me to do: I slept, and in the morning I knew what I wanted to say."
)
"""Written for this measurement, so that no model was trained on it."""
WRITTEN = 60
HEADER = (
    "runtime", "weights", "tokens/s", "spread", "first token, ms", "peak memory", "perplexity",
    "version",
)  # fmt: skip


class Runner(Protocol):
    """One runtime with the model in it."""

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text."""

    def write(self, ids: Sequence[int], count: int) -> Iterator[int]:
        """Yield the best next token again and again."""

    def log_probabilities(self, ids: Sequence[int]) -> Sequence[float]:
        """Return the natural log of each token's probability, that of the first left out."""


class Own:
    """A language model of the package, a graph of ours or PyTorch."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def encode(self, text: str) -> list[int]:
        return self.model.encode(text)

    def write(self, ids: Sequence[int], count: int) -> Iterator[int]:
        import numpy as np

        found = self.model.read(np.array([ids]))
        for number in range(count):
            token = int(found.logits[0].argmax())
            yield token
            if number + 1 < count:
                found = self.model.read(np.array([[token]]), found.state)

    def log_probabilities(self, ids: Sequence[int]) -> Sequence[float]:
        import numpy as np

        state, scores = None, []
        for before, token in itertools.pairwise(ids):
            found = self.model.read(np.array([[before]]), state)
            state = found.state
            scores.append(_chance(found.logits[0], token))
        return scores


class LlamaServer:
    """llama.cpp by xllamacpp: a server inside the process, asked over the loopback."""

    def __init__(self, file: Path) -> None:
        import requests
        import xllamacpp

        settings = xllamacpp.CommonParams()
        settings.model.path = str(file)
        settings.n_ctx, settings.n_parallel = 2048, 1
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
        settings.n_gpu_layers, settings.warmup, settings.verbosity = 0, False, 0
        self.server = xllamacpp.Server(settings)
        self.http = requests  # no session: its kept connections break off

    def _post(self, path: str, stream: bool = False, **body: Any) -> Any:
        address = f"{self.server.listening_address}{path}"
        asked = body | {"stream": stream}
        answer = self.http.post(address, json=asked, stream=stream, timeout=300)
        answer.raise_for_status()
        return answer

    def encode(self, text: str) -> list[int]:
        return self._post("/tokenize", content=text, add_special=False).json()["tokens"]

    def write(self, ids: Sequence[int], count: int) -> Iterator[int]:
        answer = self._post(
            "/completion", stream=True, prompt=list(ids), n_predict=count, temperature=0.0,
            ignore_eos=True, cache_prompt=False, return_tokens=True,
        )  # fmt: skip
        for line in answer.iter_lines():
            if line.startswith(b"data:"):
                yield from json.loads(line[5:]).get("tokens", ())

    def log_probabilities(self, ids: Sequence[int]) -> Sequence[float]:
        scores = []
        for place in range(1, len(ids)):
            answer = self._post(
                "/completion", prompt=list(ids[:place]), n_predict=1, n_probs=5000,
                temperature=0.0,
            ).json()  # fmt: skip
            given = answer["completion_probabilities"][0]["top_logprobs"]
            told = {item["id"]: item["logprob"] for item in given}
            scores.append(told.get(ids[place], min(told.values())))  # at most that
        return scores


class LlamaCpp:
    """llama.cpp by llama-cpp-python."""

    def __init__(self, file: Path) -> None:
        import llama_cpp

        self.model = llama_cpp.Llama(
            str(file), n_ctx=2048, n_threads=1, n_threads_batch=1, logits_all=True, verbose=False
        )

    def encode(self, text: str) -> list[int]:
        return self.model.tokenize(text.encode(), add_bos=False)

    def write(self, ids: Sequence[int], count: int) -> Iterator[int]:
        self.model.reset()
        for _, token in zip(range(count), self.model.generate(list(ids), temp=0.0), strict=False):
            yield token

    def log_probabilities(self, ids: Sequence[int]) -> Sequence[float]:
        self.model.reset()
        self.model.eval(list(ids))
        return [_chance(self.model.scores[n], token) for n, token in enumerate(ids[1:])]


class GenAI:
    """onnxruntime-genai, on a model that its builder makes of the weights in half precision."""

    def __init__(self, folder: Path, bits: str) -> None:
        import onnxruntime_genai

        self.library = onnxruntime_genai
        self.place = tempfile.TemporaryDirectory(prefix="openaffect-genai-")
        built = Path(self.place.name) / "built"
        command = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-i", str(folder)]
        command += ["-o", str(built), "-p", bits, "-e", "cpu", "-c", self.place.name]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        settings = json.loads((built / "genai_config.json").read_text())
        options = settings["model"]["decoder"]["session_options"]
        options["intra_op_num_threads"] = 1
        (built / "genai_config.json").write_text(json.dumps(settings))
        self.model = onnxruntime_genai.Model(str(built))
        self.tokenizer = onnxruntime_genai.Tokenizer(self.model)

    def encode(self, text: str) -> list[int]:
        return [int(number) for number in self.tokenizer.encode(text)]

    def _begun(self, ids: Sequence[int]) -> Any:
        settings = self.library.GeneratorParams(self.model)
        settings.set_search_options(max_length=2048, do_sample=False)
        generator = self.library.Generator(self.model, settings)
        generator.append_tokens(list(ids))
        return generator

    def write(self, ids: Sequence[int], count: int) -> Iterator[int]:
        generator = self._begun(ids)
        for _ in range(count):
            generator.generate_next_token()
            yield int(generator.get_next_tokens()[0])

    def log_probabilities(self, ids: Sequence[int]) -> Sequence[float]:
        generator = self._begun(ids[:1])
        scores = []
        for token in ids[1:]:
            scores.append(_chance(generator.get_logits().reshape(-1), token))
            generator.append_tokens([token])
        return scores


def _chance(logits: Any, token: int) -> float:
    import numpy as np

    wide = np.asarray(logits, np.float64)
    top = wide.max()
    return float(wide[token] - top - np.log(np.exp(wide - top).sum()))


def _weights() -> Any:
    from openaffect.models import CardWeights, card
    from openaffect.models.store import Store

    return CardWeights(card(MODEL), Store(offline=True))


def _folder() -> Path:
    """Return the folder of transformers that is made of the file, making it where it is not."""
    from openaffect.models.store import Store

    weights = _weights()
    weights.language_model(gradients=True)
    key = weights.card.file("model").sha256[:16]
    return next((Store().root / ".graphs").glob(f"transformers-*-{key}"))


def _torch(precision: str) -> Own:
    from openaffect.models.backends.transformers_gguf import load
    from openaffect.models.store import Store

    weights = _weights()
    key = weights.card.file("model").sha256[:16]
    path = Path(weights.path("model"))
    return Own(load(path, weights.card, Store().root / ".graphs", key, precision=precision))


ROWS: dict[str, tuple[str, str, Callable[[], Runner]]] = {
    "openaffect": ("int8", "onnxruntime", lambda: Own(_weights().language_model())),
    "xllamacpp": ("Q4_1", "xllamacpp", lambda: LlamaServer(Path(_weights().path("model")))),
    "llama-cpp-python": (
        "Q4_1", "llama-cpp-python", lambda: LlamaCpp(Path(_weights().path("model"))),
    ),
    "onnxruntime-genai-int8": ("int8", "onnxruntime-genai", lambda: GenAI(_folder(), "int8")),
    "onnxruntime-genai-int4": ("int4", "onnxruntime-genai", lambda: GenAI(_folder(), "int4")),
    "transformers-float32": ("float32", "transformers", lambda: _torch("float32")),
    "transformers-bfloat16": ("bfloat16", "transformers", lambda: _torch("bfloat16")),
}  # fmt: skip
"""By name: the weights' kind, the distribution whose version is told, and how it is begun."""


def measure(name: str, repeats: int) -> dict[str, Any]:
    """Return the figures of one runtime, in this process."""
    runner = ROWS[name][2]()
    prompt = runner.encode(PROMPT)
    firsts, speeds = [], []
    for turn in range(repeats + 1):  # the first one warms up
        begun = time.perf_counter()
        ticks = [time.perf_counter() for _ in runner.write(prompt, WRITTEN)]
        if len(ticks) != WRITTEN:
            raise RuntimeError(f"{len(ticks)} tokens came where {WRITTEN} were asked for")
        if turn:
            firsts.append(1000 * (ticks[0] - begun))
            speeds.append((WRITTEN - 1) / (ticks[-1] - ticks[0]))
    text = runner.encode(TEXT)
    scores = runner.log_probabilities(text)
    return {
        "prompt": len(prompt), "text": len(text), "first": statistics.median(firsts),
        "speeds": speeds, "perplexity": 2.718281828459045 ** -statistics.fmean(scores),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="write the table there as well")
    parser.add_argument("--only", nargs="+", choices=ROWS, metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--repeats", type=int, default=5, help="timed runs a row (default: 5)")
    parser.add_argument("--one", choices=ROWS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print("\n" + json.dumps(measure(args.one, args.repeats)))
        return 0
    facts = _machine.facts()
    lines, prompts = [], {}
    for name in args.only or ROWS:
        print(f"{name} ...", file=sys.stderr)
        lines.append(_line(name, args.repeats, prompts))
    publish("\n".join(_document(facts, lines, prompts)) + "\n", args.out)
    return 0


def _line(name: str, repeats: int, prompts: dict[str, Any]) -> tuple[str, ...]:
    weights, package, _ = ROWS[name]
    version = _machine.version(package)
    if version == "not installed":
        return (name, weights, "", "", "", "", "", version)
    command = [sys.executable, __file__, "--one", name, "--repeats", str(repeats)]
    done = run(command, environment=ONE_THREAD, core=last_core())
    if done.code:
        print(done.errors, file=sys.stderr)
        return (name, weights, "", "", "", "", _last(done), version)
    found = json.loads(done.output.strip().splitlines()[-1])
    prompts[name] = found["prompt"], found["text"]
    speeds = found["speeds"]
    return (
        name, weights, f"{statistics.median(speeds):.1f}", f"{min(speeds):.1f}-{max(speeds):.1f}",
        f"{found['first']:.0f}", f"{done.peak / 1e6:.0f} MB", f"{found['perplexity']:.2f}", version,
    )  # fmt: skip


def _last(done: Ended) -> str:
    return "failed: " + (done.errors.strip().splitlines() or ["no word of why"])[-1][:120]


def _document(
    facts: list[tuple[str, str]], lines: Sequence[Sequence[str]], prompts: dict[str, Any]
) -> Iterator[str]:
    yield "# Runtimes of language models"
    yield ""
    yield f"{MODEL}, one thread. Printed by:"
    yield ""
    yield "    python benchmarks/language_runtimes.py --out benchmarks/results/language-runtimes.md"
    yield ""
    sizes = ", ".join(sorted({f"{prompt} tokens, {text}" for prompt, text in prompts.values()}))
    yield (
        f"Prompt and text measured: {sizes or 'not known'}; {WRITTEN} tokens written. A figure is "
        "the median of the repeats, with the lowest and highest beside it. Peak memory is that of "
        "the process, with the building of its model where the runtime needs one."
    )
    yield ""
    yield f"| {' | '.join(HEADER)} |"
    yield "|" + "---|" * len(HEADER)
    for line in lines:
        yield f"| {' | '.join(line)} |"
    yield ""
    for name, value in facts:
        yield f"- {name}: {value}"


if __name__ == "__main__":
    sys.exit(main())
