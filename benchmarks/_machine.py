"""What a measurement was taken on; standard library only, as the parent process stays small."""

from __future__ import annotations

import datetime
import os
import platform
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "openaffect",
    "numpy",
    "onnxruntime",
    "ai-edge-litert",
    "opencv-python-headless",
    "av",
    "tokenizers",
)


def facts() -> list[tuple[str, str]]:
    """Return (name, value) pairs: processor, cores, memory, system, versions, date, load."""
    return [
        ("Processor", processor()),
        ("Cores", f"{cores()} usable of {os.cpu_count()}"),
        ("Memory", memory()),
        ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("Versions", ", ".join(f"{name} {version(name)}" for name in PACKAGES)),
        ("Date", datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("Threads", "one a model and for the arrays; each row pinned to one core where it can be"),
        ("Load before", load()),
    ]


def busy() -> bool:
    """Tell whether other work is likely to spoil the figures."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > 0.3 * cores()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name."""
    table = Path("/proc/cpuinfo")
    if table.is_file():
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory() -> str:
    """Return the size of the main memory."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return "not known"
    return f"{size / 1e9:.0f} GB"


def load() -> str:
    """Return the load average of the last minute."""
    if not hasattr(os, "getloadavg"):
        return "not known"
    text = f"{os.getloadavg()[0]:.2f} in the last minute"
    return text + (" (**the machine was busy: the figures are worth little**)" if busy() else "")


def version(package: str) -> str:
    """Return a distribution's version."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return _source_version() if package == "openaffect" else "not installed"


def _source_version() -> str:
    """Return the version of a source tree on the path, which has no distribution."""
    try:
        from openaffect import __version__
    except ImportError:
        return "not installed"
    return f"{__version__} (source tree)"
