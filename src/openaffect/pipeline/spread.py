"""Work on several items at once and hand them out in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    work: Callable[[Item], Result], items: Iterator[Item], *, workers: int
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with what ``work`` makes of it, in the order of ``items``.

    ``workers`` threads work at once, on this item and the next ones; 1 works in this thread. At
    most one item more than there are workers is held. Worth its while where the work lets go of
    the interpreter's lock, as inference does. An error of the work or of ``items`` is raised here
    in its place; leaving early waits for what has begun and closes ``items``.
    """
    if workers == 1:
        for item in items:
            yield item, work(item)
        return
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="openaffect-spread") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(work, item)))
                if len(waiting) > workers:
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
            close = getattr(items, "close", None)
            if close is not None:
                close()
