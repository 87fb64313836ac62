"""Which implementations there are, listed by folder and entry point; none is imported to list it.

Adding a recogniser means adding one file: the module's name is what a card's ``implementation``
says, and the module exports its class as ``RECOGNIZER``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from openaffect.types import InvalidValueError, UnknownNameError, did_you_mean, nearest

from .catalogue import package_folders

EXPORTS = {
    "recognize": "RECOGNIZER",
    "generate": "GENERATOR",
    "data": "DATASET",
    "metrics": "METRICS",
    "preprocess": "STEPS",
    "formats": "FORMAT",
    "plots": "PLOT",
}
"""The name under which a module of each stage exports its class, description or tuple of them."""


class Registry:
    """Modules by stage and name.

    Parameters
    ----------
    packages: the package of each stage, ``{"recognize": "openaffect.recognize"}`` for example.
        Third parties add modules by entry points of the group ``openaffect.<stage>``, whose name
        is the implementation's and whose value is a module.
    """

    def __init__(self, packages: Mapping[str, str]) -> None:
        for stage in packages:
            if stage not in EXPORTS:
                raise UnknownNameError(
                    f"no stage is called {stage!r}{nearest(stage, EXPORTS)}; "
                    f"known: {', '.join(EXPORTS)}"
                )
        self._packages = dict(packages)
        self._listed: dict[str, dict[str, str]] = {}

    def names(self, stage: str) -> tuple[str, ...]:
        """Return the names of a stage's implementations, sorted."""
        return tuple(sorted(self._modules(stage)))

    def implementation(self, stage: str, name: str) -> Any:
        """Import the module and return what it exports.

        Raises
        ------
        UnknownNameError
            when no module of that name is listed; the nearest is named.
        InvalidValueError
            when the module exports nothing for the stage.
        """
        modules = self._modules(stage)
        if name not in modules:
            raise UnknownNameError(
                f"no {stage} implementation is called {name!r}{did_you_mean(name, modules)} "
                f"Installed: {', '.join(sorted(modules)) or 'none'}"
            )
        module = importlib.import_module(modules[name])
        exported = getattr(module, EXPORTS[stage], None)
        if exported is None:
            raise InvalidValueError(
                f"{modules[name]} exports no {EXPORTS[stage]}; add one line "
                f"`{EXPORTS[stage]} = ...`"
            )
        return exported

    def every(self, stage: str) -> dict[str, Any]:
        """Import all modules of a stage; return what those that export something export.

        Modules without the stage's name are the stage's plain helpers and are left out.
        """
        modules = {
            name: importlib.import_module(path) for name, path in self._modules(stage).items()
        }
        return {
            name: getattr(module, EXPORTS[stage])
            for name, module in sorted(modules.items())
            if hasattr(module, EXPORTS[stage])
        }

    def _modules(self, stage: str) -> dict[str, str]:
        if stage not in self._packages:
            raise UnknownNameError(f"this registry lists {sorted(self._packages)}, not {stage!r}")
        if stage not in self._listed:
            self._listed[stage] = _list_modules(stage, self._packages[stage])
        return self._listed[stage]


def _list_modules(stage: str, package: str) -> dict[str, str]:
    """Return module paths by name; the package's own modules win over plug-ins."""
    from importlib.metadata import entry_points

    modules = {point.name: point.value for point in entry_points(group=f"openaffect.{stage}")}
    folders = [str(folder) for folder in package_folders(package)]
    for found in pkgutil.iter_modules(folders):
        if not found.name.startswith("_"):
            modules[found.name] = f"{package}.{found.name}"
    return modules
