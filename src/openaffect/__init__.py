"""OpenAffect: recognise emotion in faces, speech and text.

The public names are bound when they are first used; importing this package does nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from . import models
    from .pipeline.analyze import Analyzer, analyze
    from .pipeline.batch import analyze_many
    from .pipeline.dialogue import read_dialogue
    from .pipeline.fusion import fuse
    from .pipeline.load import load
    from .pipeline.writing import reply, rewrite, write
    from .types.analysis import Analysis
    from .types.card import Card
    from .types.errors import (
        IntegrityError,
        InvalidValueError,
        LicenceError,
        MediaError,
        MissingDependencyError,
        OpenAffectError,
        OutputError,
        ServerError,
        SourceNotFoundError,
        UnknownNameError,
        WeightsUnavailableError,
    )
    from .types.scheme import Kind, Scheme
    from .types.schemes import scheme
    from .types.timeline import Timeline, Unit

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "Analyzer",
    "Card",
    "IntegrityError",
    "InvalidValueError",
    "Kind",
    "LicenceError",
    "MediaError",
    "MissingDependencyError",
    "OpenAffectError",
    "OutputError",
    "Scheme",
    "ServerError",
    "SourceNotFoundError",
    "Timeline",
    "UnknownNameError",
    "Unit",
    "WeightsUnavailableError",
    "analyze",
    "analyze_many",
    "fuse",
    "load",
    "models",
    "read_dialogue",
    "reply",
    "rewrite",
    "scheme",
    "write",
]

_ERRORS = [name for name in __all__ if name.endswith("Error")]
_HOMES = {
    "Analysis": ".types.analysis",
    "Analyzer": ".pipeline.analyze",
    "Card": ".types.card",
    "Kind": ".types.scheme",
    "Scheme": ".types.scheme",
    "Timeline": ".types.timeline",
    "Unit": ".types.timeline",
    "analyze": ".pipeline.analyze",
    "analyze_many": ".pipeline.batch",
    "fuse": ".pipeline.fusion",
    "load": ".pipeline.load",
    "read_dialogue": ".pipeline.dialogue",
    **dict.fromkeys(("reply", "rewrite", "write"), ".pipeline.writing"),
    "scheme": ".types.schemes",
    **dict.fromkeys(_ERRORS, ".types.errors"),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "models":
        module: ModuleType = import_module(".models", __name__)
        return module
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
