"""Many inputs: one after the other or in worker processes, kept going, resumed."""

from __future__ import annotations

import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from openaffect.types.errors import InvalidValueError, OpenAffectError, OutputError
from openaffect.types.protocols import Progress, no_progress

from .analyze import Analyzer
from .manifest import Manifest, Record, item_key
from .options import Options
from .outputs import check_formats
from .source import path_of
from .task import WORK, Analyze, Outcome, Task, perform

Finished = Callable[[Task, Outcome], None]


def analyze_many(
    inputs: Iterable[str | Path],
    *,
    out: str | Path | None = None,
    formats: Sequence[str] = ("json",),
    jobs: int = 1,
    resume: bool = False,
    options: Options | None = None,
    progress: Progress = no_progress,
    make: Callable[[Options], Analyze] = Analyzer,
) -> Iterator[Outcome]:
    """Analyse every input and yield what became of each, in the order given.

    One input that fails does not stop the others; one named twice is done once. With ``out`` the
    results are written there, each file whole or not at all, and ``manifest.jsonl`` records every
    item as it ends; long inputs keep finished stretches under ``.work``. Interrupted (Ctrl-C), what
    is finished stays; with ``resume`` items that were done and have not changed (path, size, time,
    options) are skipped and the interrupted ones go on from their last finished stretch. The
    results are byte for byte those of a run that was never interrupted.

    Parameters
    ----------
    inputs: paths or sentences, as :func:`~openaffect.pipeline.analyze.analyze` takes them.
    out: folder of the results, made when absent; without it each outcome carries its analysis.
    formats: of :func:`~openaffect.pipeline.outputs.format_names`; one that needs times is left out,
        with a warning, where there are none.
    jobs: worker processes; 1 works in this one.
    progress: called with ``"inputs"``; with one job also with what goes on within each.
    make: builds what analyses, once a process; a function that can be pickled.

    Raises
    ------
    OutputError
        when ``out`` cannot be written to at all.
    """
    if jobs < 1:
        raise InvalidValueError(f"jobs is {jobs}; give 1 or more")
    if resume and out is None:
        raise InvalidValueError("resume needs out, the folder that holds the earlier results")
    options = _shared(options or Options(), jobs)
    folder = None if out is None else _folder(Path(out), fresh=not resume)
    tasks = _tasks(list(inputs), folder, check_formats(formats), options)
    manifest = None if folder is None else Manifest(folder, fresh=not resume)
    run = _in_process if jobs == 1 else partial(_in_workers, jobs=jobs)
    return _outcomes(tasks, manifest, partial(run, partial(make, options), progress))


def _outcomes(
    tasks: list[Task],
    manifest: Manifest | None,
    run: Callable[[list[Task], Finished], Iterator[Outcome]],
) -> Iterator[Outcome]:
    earlier = {task.key: manifest.done(task.key) if manifest else None for task in tasks}

    def finished(task: Task, outcome: Outcome) -> None:
        if manifest is not None:
            manifest.add(_record(task, outcome))

    with closing(run([task for task in tasks if earlier[task.key] is None], finished)) as fresh:  # type: ignore[type-var]
        for task in tasks:
            record = earlier[task.key]
            yield next(fresh) if record is None else _skipped(task, record)
    if manifest is not None:
        manifest.settle([task.key for task in tasks])


def _in_process(
    make: Callable[[], Analyze], progress: Progress, tasks: list[Task], finished: Finished
) -> Iterator[Outcome]:
    analyze = make() if tasks else None
    for number, task in enumerate(tasks):
        assert analyze is not None
        progress("inputs", number, len(tasks))
        outcome = perform(task, analyze, progress)
        finished(task, outcome)
        yield outcome
    progress("inputs", len(tasks), len(tasks))


def _in_workers(
    make: Callable[[], Analyze],
    progress: Progress,
    tasks: list[Task],
    finished: Finished,
    *,
    jobs: int,
) -> Iterator[Outcome]:
    """Keep every worker busy, yield in order, and record what is done even when interrupted."""
    if not tasks:
        return
    todo = deque(tasks)
    waiting: deque[tuple[Task, Future[Outcome]]] = deque()
    from .workers import Workers  # multiprocessing is slow to load and rarely needed

    with Workers(min(jobs, len(tasks)), make) as workers:
        try:
            while todo or waiting:
                while todo and len(waiting) < 2 * jobs:
                    waiting.append((todo[0], workers.submit(todo.popleft())))
                task, future = waiting[0]
                progress("inputs", len(tasks) - len(todo) - len(waiting), len(tasks))
                outcome = workers.result(future, task)
                finished(task, outcome)
                waiting.popleft()
                yield outcome
        except BaseException:
            for task, outcome in workers.stop(waiting):
                finished(task, outcome)
            raise
    progress("inputs", len(tasks), len(tasks))


def _shared(options: Options, jobs: int) -> Options:
    """Share the cores among the jobs where the number of threads is automatic."""
    if jobs == 1 or options.threads:
        return options
    return replace(options, threads=max(1, options.thread_count // jobs))


def _folder(out: Path, *, fresh: bool) -> Path:
    """Make the folder of the results; ``fresh`` drops unfinished work that lies in it."""
    if fresh:
        shutil.rmtree(out / WORK, ignore_errors=True)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"folder {out} cannot be made: {error.strerror or error}; give one that you may write"
        ) from error
    return out


def _tasks(
    sources: list[str | Path], out: Path | None, formats: tuple[str, ...], options: Options
) -> list[Task]:
    found: dict[str, tuple[str | Path, str]] = {}
    for source in sources:
        try:
            path = path_of(source, options.modality)
        except OpenAffectError:
            path = None
        key = item_key(str(source), path, f"{options.key()} {formats}")
        found.setdefault(key, (source, "text" if path is None else path.resolve().name))
    counts = Counter(stem.casefold() for _, stem in found.values())
    return [
        Task(source, key, _name(stem, counts, key), out, formats)
        for key, (source, stem) in found.items()
    ]


def _name(stem: str, counts: Counter[str], key: str) -> str:
    """Return the stem, told apart by the beginning of its key where several inputs share it."""
    return stem if counts[stem.casefold()] == 1 else f"{stem}-{key[:8]}"


def _record(task: Task, outcome: Outcome) -> Record:
    return Record(
        key=task.key,
        source=outcome.source,
        status=outcome.status,
        files=tuple(path.name for path in outcome.files),
        error=outcome.error,
        error_type=outcome.error_type,
        warnings=outcome.warnings,
        summary=outcome.summary,
    )


def _skipped(task: Task, record: Record) -> Outcome:
    folder = task.out or Path()
    return Outcome(
        source=record.source,
        status="skipped",
        files=tuple(folder / name for name in record.files),
        warnings=record.warnings,
        summary=record.summary,
    )
