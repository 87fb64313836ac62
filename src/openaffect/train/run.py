"""Find and run the recipes: the folder ``recipes`` is the registry."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from openaffect.types import Progress, UnknownNameError, did_you_mean, no_progress

from . import recipes
from .context import Context


def names() -> list[str]:
    """Return the names of the recipes, without importing torch."""
    found = (module.name for module in pkgutil.iter_modules(recipes.__path__))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


def recipe(name: str) -> ModuleType:
    """Import the recipe called ``name``; raises :class:`UnknownNameError`."""
    if name not in names():
        raise UnknownNameError(
            f"no recipe is called {name!r}{did_you_mean(name, names())} "
            f"Recipes: {', '.join(names())}"
        )
    return importlib.import_module(f"{recipes.__name__}.{name.replace('-', '_')}")


def run(
    name: str,
    *,
    data: Path | None = None,
    out: Path,
    resume: bool = False,
    seed: int = 0,
    device: str = "cpu",
    epochs: int | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Train, export and measure; return the path of the card.

    ``out`` receives the log, TensorBoard events, checkpoints, ``NAME.onnx`` and its card
    ``NAME.json``. ``resume`` goes on from the last checkpoint there.
    """
    out.mkdir(parents=True, exist_ok=True)
    context = Context(
        out=out,
        root=data,
        seed=seed,
        device=device,
        resume=resume,
        epochs=epochs,
        progress=progress,
    )
    produce: Callable[[Context], Path] = recipe(name).run
    try:
        return produce(context)
    finally:
        context.close()
