"""A model by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from openaffect.types.protocols import Progress, no_progress

if TYPE_CHECKING:
    from openaffect.types.protocols import Recognizer


def load(
    name: str,
    *,
    license: Literal["any", "permissive"] = "any",
    device: str = "cpu",
    threads: int = 0,
    progress: Progress = no_progress,
) -> Recognizer:
    """Return a recogniser that is ready to be called on a batch.

    Parameters
    ----------
    name: a card's name; a task such as ``face.emotion``; or ``face``, ``speech`` or ``text`` for
        the best installed model of that modality.
    license: ``permissive`` refuses models whose weights may not be used commercially.
    device: ``cpu``, or ``cuda`` where the inference runtime has it.
    threads: threads of the model; 0 for one a core, at most 4.
    progress: told of downloads.

    Raises
    ------
    UnknownNameError
        when no model is called so; the nearest name is given.
    LicenceError
        when the licence setting excludes it.
    WeightsUnavailableError
        when its weights are neither here nor to be had now.
    """
    from openaffect.models.loading import Loader
    from openaffect.models.registry import Registry
    from openaffect.models.store import Store

    from .options import Options

    options = Options(license=license, device=device, threads=threads)
    loader = Loader(
        Registry({"recognize": "openaffect.recognize"}),
        Store(),
        options.thread_count,
        device,
        license,
        progress=progress,
    )
    return loader.load(name)
