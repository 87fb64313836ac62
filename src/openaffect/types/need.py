"""Load an optional library at the moment it is needed."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import MissingDependencyError


def need(module: str, *, extra: str) -> ModuleType:
    """Import ``module`` or say how to install it.

    Parameters
    ----------
    module: dotted name of the library's module, for example ``"pandas"``.
    extra: the extra of this package that brings it, for example ``"tables"``.

    Raises
    ------
    MissingDependencyError
        when the library itself is absent. An import error from *inside* the library is raised
        again unchanged, because installing it once more would not help.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or module.split(".")[0] != error.name.split(".")[0]:
            raise
        raise MissingDependencyError(
            f"{module} is not installed; it comes with: pip install 'openaffect[{extra}]'"
        ) from error
