"""Worker processes for a batch: each builds its models once and stops when asked to."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any

from .task import Analyze, Outcome, Task, perform

_here: dict[str, Any] = {}
"""What a worker process keeps between tasks: how to build, what is built, the stop flag."""


class Workers:
    """A pool of processes that survives the death of one.

    ``make`` builds what analyses, once a process. Processes are spawned, so a script that uses
    them guards its main part with ``if __name__ == "__main__":``.
    """

    def __init__(self, jobs: int, make: Callable[[], Analyze]) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._make = make
        self._jobs = jobs
        self._pool = self._new(jobs)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, task: Task) -> Future[Outcome]:
        """Queue a task."""
        try:
            return self._pool.submit(_perform, task)
        except BrokenProcessPool:
            self._pool = self._new(self._jobs)
            return self._pool.submit(_perform, task)

    def result(self, future: Future[Outcome], task: Task) -> Outcome:
        """Wait for a task. One that a dying process took along is tried once more, alone."""
        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(task)

    def stop(self, waiting: Iterable[tuple[Task, Future[Outcome]]]) -> list[tuple[Task, Outcome]]:
        """Stop the running tasks where they stand and return those that were done."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        done = []
        for task, future in waiting:
            try:
                done.append((task, future.result(timeout=0)))
            except (CancelledError, KeyboardInterrupt, BrokenProcessPool):
                continue
        return done

    def _new(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            jobs, self._context, initializer=_begin, initargs=(self._make, self._stop)
        )

    def _alone(self, task: Task) -> Outcome:
        with self._new(1) as pool:
            try:
                return pool.submit(_perform, task).result()
            except BrokenProcessPool:
                return Outcome(
                    source=str(task.source),
                    status="failed",
                    error="its worker process died, most likely for want of memory; try fewer jobs",
                    error_type="BrokenProcessPool",
                )


def _begin(make: Callable[[], Analyze], stop: Any) -> None:
    """Prepare a worker: the parent alone answers to Ctrl-C and tells the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here.update(make=make, stop=stop)


def _perform(task: Task) -> Outcome:
    if "analyze" not in _here:
        _here["analyze"] = _here["make"]()
    return perform(task, _here["analyze"], _heed)


def _heed(what: str, done: float, total: float | None) -> None:
    """Take a progress report as the moment to stop, when the parent said so."""
    if _here["stop"].is_set():
        raise KeyboardInterrupt
