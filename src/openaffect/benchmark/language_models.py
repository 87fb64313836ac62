"""Run the suites by which language models are compared, through lm-evaluation-harness.

What each suite measures (surveys of emotion cite them beside text generation; none of them measures
emotion, and none is a user study: every one is scored by a program against known answers):

MMLU
    Knowledge: 14,042 four-choice questions of 57 school and professional subjects; accuracy
    (Hendrycks et al., ICLR 2021). Nothing is written by the model: choices are scored.
GPQA
    Graduate-level, Google-proof questions and answers: four-choice questions of biology, physics
    and chemistry by experts; accuracy (Rein et al., COLM 2024). Not "generalized question
    answering". Here the diamond subset of 198, answered after reasoning, as most tables have it.
MATH
    5,000 competition problems of seven fields; the final answer must be equivalent (Hendrycks et
    al., NeurIPS 2021).
HumanEval
    164 Python functions to be written from their docstring, run against unit tests: pass@1 (Chen et
    al., 2021). Code, not essays or summaries; it *executes what the model wrote*.
MGSM
    Multilingual Grade School Math: 250 word problems of GSM8K in each of eleven languages here;
    the number must match (Shi et al., ICLR 2023). Not social media. Here with reasoning in the
    question's language; one score a language.
DROP
    Reading comprehension that needs counting, sorting or adding over a paragraph; exact match and
    F1 of the answer's words (Dua et al., NAACL 2019).

A score depends on the prompt, the number of shots and how the answer is cut out, so that a table
printed elsewhere is only comparable where these agree; every row here names the harness's task, its
version and the shots. The harness fetches a suite's questions from the Hugging Face hub the first
time (GPQA only after its authors' consent); with ``HF_HUB_OFFLINE=1`` it uses what is already
there. Contamination is not checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from openaffect.metrics.text_perplexity import LanguageModel
from openaffect.types import (
    InvalidValueError,
    SourceNotFoundError,
    UnknownNameError,
    did_you_mean,
    need,
)

_LANGUAGES = ("bn", "de", "en", "es", "fr", "ja", "ru", "sw", "te", "th", "zh")
SUITES: Mapping[str, tuple[str, ...]] = {
    "MMLU": ("mmlu",),
    "GPQA": ("gpqa_diamond_cot_zeroshot",),
    "MATH": ("hendrycks_math",),
    "HumanEval": ("humaneval",),
    # One by one: the harness's tag mgsm_cot_native also holds the tasks that reason in English.
    "MGSM": tuple(f"mgsm_native_cot_{language}" for language in _LANGUAGES),
    "DROP": ("drop",),
}
"""The suites' names to the tasks of lm-evaluation-harness 0.4."""

MAXIMUM_TOKENS = 256
"""What a task that names no limit may generate, the harness's own default."""


@runtime_checkable
class SuiteModel(LanguageModel, Protocol):
    """A language model that can also continue a text; both ways of answering a suite."""

    def continuation(self, context: str, text: str, /) -> tuple[float, bool]:
        """Return the natural log-probability of ``text`` after ``context``, and if it is greedy.

        Greedy: at every place ``text`` has the most probable token.
        """
        ...

    def generate(self, context: str, /, *, stop: Sequence[str], maximum_tokens: int) -> str:
        """Return the most probable continuation, token by token, without the context.

        It may end at the first of the ``stop`` strings; what follows one is cut off anyway.
        """
        ...


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """One measure of one task.

    task: the harness's name, or that of a group (then a mean over its tasks). metric, filter: the
    harness's; filter says how the answer was cut out of the text. value: most are in [0, 1].
    standard_error: over the questions, None where the harness gives none. questions: how many were
    asked. shots: solved examples before each question. version: of the task.
    """

    task: str
    metric: str
    filter: str
    value: float
    standard_error: float | None
    questions: int
    shots: int
    version: str


def run_suite(
    model: SuiteModel,
    tasks: Sequence[str],
    *,
    shots: int | None = None,
    limit: int | None = None,
    task_folder: str | Path | None = None,
    execute_code: bool = False,
    seed: int = 0,
) -> tuple[SuiteScore, ...]:
    """Ask a model the questions of the suites and score its answers.

    Parameters
    ----------
    model: scores and continues texts; the harness sees nothing else of it.
    tasks: names of :data:`SUITES`, or any task, group or tag of the harness.
    shots: solved examples before each question; None is the task's own number. A task that is
        defined without examples stays so.
    limit: ask only the first so many questions of each task: for trying out, not for reporting.
    task_folder: a folder with tasks of your own as YAML files, which come first. A task may name
        Python functions beside it, which are then run: use folders you trust.
    execute_code: allow tasks that run code written by the model, HumanEval among them. The code
        runs on this machine with your rights; do so in a container without a network. The
        ``evaluate`` library then asks for ``HF_ALLOW_CODE_EVAL=1`` as well.
    seed: of the draw of examples.

    Returns
    -------
    One row a task and measure, groups among them, in the harness's order.

    Raises
    ------
    UnknownNameError: no such task. InvalidValueError: a task that runs code, without consent; a
    task that wants sampled answers; a model without the methods, or with a bad answer.
    SourceNotFoundError: the folder, or a task's questions, cannot be had.
    """
    _check(model, tasks, shots, limit)
    evaluator = need("lm_eval.evaluator", extra="harness")
    names = list(dict.fromkeys(task for name in tasks for task in SUITES.get(name, (name,))))
    manager = _manager(names, task_folder)
    if not execute_code:
        _refuse_code(manager.task_index, names)
    exceptions = need("datasets.exceptions", extra="harness")
    try:
        found = evaluator.simple_evaluate(
            model=_adapter(model),
            tasks=names,
            num_fewshot=shots,
            limit=limit,
            task_manager=manager,
            log_samples=False,
            random_seed=None,
            numpy_random_seed=None,
            torch_random_seed=None,
            fewshot_random_seed=seed,
            confirm_run_unsafe_code=execute_code,
        )
    except (ConnectionError, FileNotFoundError, exceptions.DatasetsError) as error:
        raise SourceNotFoundError(
            f"the questions of {', '.join(tasks)} cannot be had: {error}; connect once so that the "
            "harness can fetch them, or give task_folder= with local ones"
        ) from error
    return tuple(_rows(found))


def _check(model: SuiteModel, tasks: Sequence[str], shots: int | None, limit: int | None) -> None:
    for method in ("log_probabilities", "continuation", "generate"):
        if not callable(getattr(model, method, None)):
            raise InvalidValueError(
                f"{type(model).__name__} has no method {method}; a suite needs a SuiteModel"
            )
    if isinstance(tasks, str) or not tasks:
        raise InvalidValueError(f"tasks is {tasks!r}; give a list, for example ['MMLU']")
    if shots is not None and shots < 0:
        raise InvalidValueError(f"shots is {shots}; give 0 or more")
    if limit is not None and limit < 1:
        raise InvalidValueError(f"limit is {limit}; give 1 or more, or None for all questions")


def _manager(names: Sequence[str], task_folder: str | Path | None) -> Any:
    """Return the harness's list of tasks; reading its own takes seconds, so only where named."""
    library = need("lm_eval.tasks", extra="harness")
    folder = None if task_folder is None else Path(task_folder)
    if folder is not None and not folder.is_dir():
        raise SourceNotFoundError(f"no folder of tasks at {folder}; give one that holds YAML files")
    if folder is not None:
        own = library.TaskManager(include_path=str(folder), include_defaults=False)
        if set(names) <= set(own.all_tasks):
            return own
    manager = library.TaskManager(include_path=None if folder is None else str(folder))
    known = manager.all_tasks
    for name in names:
        if name not in known:
            raise UnknownNameError(
                f"no suite or task is called {name!r}{did_you_mean(name, [*SUITES, *known])} "
                f"Suites: {', '.join(SUITES)}; `lm-eval ls tasks` shows the harness's tasks"
            )
    return manager


def _refuse_code(index: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise for a task that runs generated code, before its own Python is even imported."""
    for task, facts in _leaves(index, list(names)):
        if facts.get("unsafe_code"):
            raise InvalidValueError(
                f"{task} runs code that the model writes, on this machine; allow it by "
                "execute_code=True, in a container without a network"
            )


def _leaves(index: Mapping[str, Any], open_names: list[Any]) -> Iterator[tuple[str, dict]]:
    """Walk groups and tags down to tasks: each one's name and its YAML facts."""
    seen: set[str] = set()
    while open_names:
        item = open_names.pop()
        if isinstance(item, dict):  # a task written inside a group, perhaps on top of a named one
            yield str(item.get("task", item.get("group"))), item
            item = item.get("task")
            open_names.extend(item if isinstance(item, list) else [item])
            continue
        if item in seen or item not in index:
            continue
        seen.add(item)
        entry = index[item]
        facts = entry.cfg or {}
        yield item, facts
        members = facts.get("task") if "group" in facts else sorted(entry.tags) if not facts else []
        open_names.extend([members] if isinstance(members, str) else members or [])


def _adapter(model: SuiteModel) -> Any:
    """Return the model as the harness wants one. The class is made here: its base is optional."""
    base = need("lm_eval.api.model", extra="harness").LM

    class Adapter(base):  # type: ignore[misc, valid-type]
        def loglikelihood(self, requests: Sequence[Any]) -> list[tuple[float, bool]]:
            return [_scored(*model.continuation(*request.args)) for request in requests]

        def loglikelihood_rolling(self, requests: Sequence[Any]) -> list[float]:
            return [
                _scored(float(sum(model.log_probabilities(request.args[0]))), False)[0]
                for request in requests
            ]

        def generate_until(self, requests: Sequence[Any]) -> list[str]:
            return [_generated(model, *request.args) for request in requests]

    return Adapter()


def _scored(log_probability: float, greedy: bool) -> tuple[float, bool]:
    value = float(log_probability)
    if math.isnan(value) or value > 0:
        raise InvalidValueError(f"the model scored a text {value}; expected a log-probability")
    return value, bool(greedy)


def _generated(model: SuiteModel, context: str, wishes: Mapping[str, Any]) -> str:
    if wishes.get("do_sample") and wishes.get("temperature", 1.0) > 0:
        raise InvalidValueError(
            "the task wants sampled answers; only those with greedy ones can be run"
        )
    until = wishes.get("until") or []
    stop = [until] if isinstance(until, str) else list(until)
    limit = wishes.get("max_gen_toks", wishes.get("max_tokens", MAXIMUM_TOKENS))
    text = model.generate(context, stop=stop, maximum_tokens=int(limit))
    for mark in filter(None, stop):
        text = text.partition(mark)[0]
    return text


def _rows(found: Mapping[str, Any]) -> Iterator[SuiteScore]:
    for task, measures in found["results"].items():
        for key, value in measures.items():
            metric, comma, cut = key.partition(",")
            if not comma or metric.endswith("_stderr") or not isinstance(value, int | float):
                continue
            error = measures.get(f"{metric}_stderr,{cut}")
            yield SuiteScore(
                task=task,
                metric=metric,
                filter=cut,
                value=float(value),
                standard_error=error if isinstance(error, float) else None,
                questions=_questions(found, task),
                shots=int(found["n-shot"].get(task, 0)),
                version=str(found["versions"].get(task, "")),
            )


def _questions(found: Mapping[str, Any], task: str) -> int:
    """Return the questions asked in a task, or in all tasks of a group."""
    if task in found["n-samples"]:
        return int(found["n-samples"][task]["effective"])
    members = found.get("group_subtasks", {}).get(task, [])
    return sum(_questions(found, member) for member in members)
