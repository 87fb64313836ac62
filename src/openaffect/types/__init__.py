"""Values that everything else is made of; needs NumPy only."""

from .analysis import Analysis
from .attribute import Attribute, GradientModel, Nudge, Perturbed
from .card import Card, WeightFile
from .errors import (
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
    did_you_mean,
    nearest,
)
from .generated import Chunk, Generated
from .language import AdaptableModel, AdaptedModel, LanguageModel, Message, Scores
from .mapping import Mapped, SchemeMapping
from .media import AudioChunk, MediaFacts, VideoFrame
from .need import need
from .protocols import (
    DialogueRecognizer,
    Line,
    Progress,
    Recognizer,
    Session,
    Weights,
    no_progress,
)
from .scheme import Kind, Scheme
from .schemes import BUILT_IN, scheme
from .timeline import Timeline, Unit, concatenate

__all__ = [
    "AdaptableModel",
    "AdaptedModel",
    "BUILT_IN",
    "Analysis",
    "Attribute",
    "AudioChunk",
    "Card",
    "Chunk",
    "DialogueRecognizer",
    "Generated",
    "GradientModel",
    "IntegrityError",
    "InvalidValueError",
    "Kind",
    "LanguageModel",
    "LicenceError",
    "Line",
    "Mapped",
    "MediaError",
    "MediaFacts",
    "Message",
    "MissingDependencyError",
    "Nudge",
    "OpenAffectError",
    "OutputError",
    "Perturbed",
    "Progress",
    "Recognizer",
    "Scheme",
    "SchemeMapping",
    "Scores",
    "ServerError",
    "Session",
    "SourceNotFoundError",
    "Timeline",
    "Unit",
    "UnknownNameError",
    "VideoFrame",
    "WeightFile",
    "Weights",
    "WeightsUnavailableError",
    "concatenate",
    "did_you_mean",
    "nearest",
    "need",
    "no_progress",
    "scheme",
]
