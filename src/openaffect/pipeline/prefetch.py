"""Read ahead in a second thread, so that decoding and recognising overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
_END = object()
_PATIENCE = 0.1


def prefetch(items: Iterator[Item], *, ahead: int) -> Iterator[Item]:
    """Yield the items in order while a thread fetches at most ``ahead`` of the next ones.

    An error raised by ``items`` is raised here in its place. Closing this iterator, or an
    interruption in the loop over it, ends the thread and closes ``items``.
    """
    waiting: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue(maxsize=ahead)
    stop = threading.Event()

    def put(item: Any, error: BaseException | None = None) -> bool:
        while not stop.is_set():
            try:
                waiting.put((item, error), timeout=_PATIENCE)
                return True
            except queue.Full:
                continue
        return False

    def fetch() -> None:
        try:
            for item in items:
                if not put(item):
                    break
            put(_END)
        except BaseException as error:  # handed to the reader, which raises it
            put(_END, error)
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()

    thread = threading.Thread(target=fetch, name="openaffect-decode", daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stop.set()
        thread.join()
