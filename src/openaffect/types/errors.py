"""The library's errors.

Every error inherits from :class:`OpenAffectError` and from the builtin that a caller who knows
nothing of this library would catch. A message names the thing, the value and the remedy.
"""

from __future__ import annotations


class OpenAffectError(Exception):
    """Base of every error this library raises on purpose."""


class InvalidValueError(OpenAffectError, ValueError):
    """An argument or array breaks its declared shape, unit or range."""


class UnknownNameError(OpenAffectError, LookupError):
    """A scheme, card, recogniser or option by that name does not exist."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MediaError(OpenAffectError, ValueError):
    """A file cannot be read as the medium it claims to be, or is beyond the stated bounds."""


class SourceNotFoundError(OpenAffectError, FileNotFoundError):
    """A path given as input does not exist."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class OutputError(OpenAffectError, OSError):
    """A result cannot be written where it was asked for."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class IntegrityError(OpenAffectError, RuntimeError):
    """A weight file is not the one its card names (size or SHA-256 differs)."""


class WeightsUnavailableError(OpenAffectError, RuntimeError):
    """A card's weights are not on this machine and cannot be fetched now."""


class ServerError(OpenAffectError, ConnectionError):
    """A language model's server cannot be reached, refuses, or breaks off."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class LicenceError(OpenAffectError, RuntimeError):
    """The licence setting does not allow the model that was asked for."""


class MissingDependencyError(OpenAffectError, ImportError):
    """An optional library is not installed; the message carries the install command."""


def nearest(value: str, known: object) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest of ``known``, else an empty string."""
    import difflib

    names = [str(name) for name in known]  # type: ignore[attr-defined]
    close = difflib.get_close_matches(str(value), names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def did_you_mean(value: str, known: object) -> str:
    """Return what ends a sentence that calls a name unknown: :func:`nearest`, or a full stop."""
    return nearest(value, known) or "."
