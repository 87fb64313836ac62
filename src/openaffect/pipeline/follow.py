"""Follow people from frame to frame, through cuts, as long as a video lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Tracker(Protocol):
    """Tells people apart from picture to picture."""

    def update(
        self,
        time: float,
        boxes: NDArray[Any],
        descriptors: NDArray[Any] | None = None,
        *,
        cut: bool = False,
    ) -> NDArray[Any]:
        """Return the (N,) subjects of the (N, 4) boxes seen at ``time``."""
        ...

    def state(self) -> dict[str, Any]:
        """Return JSON values to go on from."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        ...


class Follower:
    """A tracker that is told of cuts; what it holds does not grow with the video."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._before: NDArray[np.uint8] | None = None

    def follow(
        self,
        time: float,
        boxes: NDArray[Any],
        looks: NDArray[Any] | None,
        glance: NDArray[np.uint8] | None,
    ) -> NDArray[np.int64]:
        """Return the (N,) subjects of the faces of the next frame looked at.

        boxes: (N, 4). looks: (N, D) descriptions, glance: the frame in miniature; ``None`` where
        not made.
        """
        from openaffect.preprocess.shot_cuts import is_cut

        cut = self._before is not None and glance is not None and is_cut(self._before, glance)
        self._before = glance
        return np.asarray(self._tracker.update(time, boxes, looks, cut=cut), dtype=np.int64)

    def state(self) -> dict[str, Any]:
        """Return JSON values from which :meth:`restore` goes on exactly as this one would."""
        before = None if self._before is None else self._before.tolist()
        return {"tracker": self._tracker.state(), "before": before}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a :meth:`state`."""
        before = state["before"]
        self._before = None if before is None else np.array(before, np.uint8)
        self._tracker.restore(state["tracker"])
