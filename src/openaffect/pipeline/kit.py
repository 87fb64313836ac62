"""The models that an analysis uses, loaded once, the missing ones told of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from openaffect.types.card import Card
from openaffect.types.errors import (
    IntegrityError,
    InvalidValueError,
    LicenceError,
    MissingDependencyError,
    UnknownNameError,
    WeightsUnavailableError,
)
from openaffect.types.protocols import (
    DialogueRecognizer,
    Progress,
    Recognizer,
    no_progress,
)
from openaffect.types.timeline import Timeline

from .dialogue import TASKS
from .faces import FaceParts
from .known_speaker import for_speaker
from .notes import Notes
from .options import Options
from .speakers import SpeakerParts
from .voice import VoiceParts
from .words import Sentences, TextParts

if TYPE_CHECKING:
    from openaffect.models.loading import Loader
    from openaffect.models.store import Store
    from openaffect.models.weights import CardWeights

MISSING = (
    WeightsUnavailableError,
    IntegrityError,
    LicenceError,
    MissingDependencyError,
    InvalidValueError,
)
"""What may be wrong with one model while the others go on."""
DETECTOR, MESH, LANDMARKER, ACTIVITY = (
    "blazeface-full",
    "face-mesh-468",
    "face-landmarker",
    "silero-vad",
)
_NO_IRISES = (
    f"{MESH} has no irises: no blendshapes, action units, eyes, gaze, blinks or engagement; they "
    f"come with: openaffect models pull {LANDMARKER}"
)
_WINDOW, _HOP = 3.0, 1.5
"""Seconds, where the card of speech emotion does not say ``window`` and ``hop`` itself."""


class Kit:
    """Hands out what sees, hears and reads, for :class:`Options`.

    Each model is loaded when it is first needed and kept; one that cannot be had is asked for once
    and its absence noted in every analysis that lacks it.
    """

    def __init__(
        self,
        options: Options,
        *,
        store: Store | None = None,
        loader: Loader | None = None,
        progress: Progress = no_progress,
    ) -> None:
        from openaffect.models.loading import Loader
        from openaffect.models.registry import Registry
        from openaffect.models.store import Store

        self._options = options
        self._store = store or Store()
        self._loader = loader or Loader(
            Registry({"recognize": "openaffect.recognize"}),
            self._store,
            options.thread_count,
            options.device,
            options.license,  # type: ignore[arg-type]
            progress=progress,
        )
        self._progress = progress
        self._held: dict[str, tuple[Any, Card | None, str]] = {}
        self._told: Recognizer | None = None

    def faces(self, notes: Notes) -> FaceParts | None:
        """Return what sees, or ``None`` (noted) without a detector or a mesh."""
        from openaffect.preprocess.face_action_units import from_blendshapes
        from openaffect.preprocess.track import Tracker
        from openaffect.recognize._affect import affect_from_emotion

        from .face_finder import FaceFinder

        self._tell_left_out(notes)
        detector = self._weights(DETECTOR, notes)
        landmarker = self._weights(LANDMARKER, notes, fetch=False)
        mesh = landmarker or self._weights(MESH, notes)
        if detector is None or mesh is None:
            return None
        if landmarker is None:
            notes.warn(_NO_IRISES)
        finder = FaceFinder(
            detector=detector.session("detector"),
            landmarks=mesh.session("landmarks"),
            variant="468" if landmarker is None else "478",
            blendshapes=None if landmarker is None else landmarker.session("blendshapes"),
        )
        gap = max(1.0, 2.5 * (self._options.every or 0.0))
        return FaceParts(
            find=finder,
            tracker=partial(Tracker, gap=gap),
            emotion=self._recognizer("face.emotion", notes, threads=1),
            affect=affect_from_emotion,
            action_units=from_blendshapes,
            mesh_card=mesh.card.name,
            blendshape_card="" if landmarker is None else landmarker.card.name,
            workers=self._options.thread_count,
        )

    def voice(self, notes: Notes) -> VoiceParts | None:
        """Return what hears, or ``None`` (noted) without voice activity."""
        self._tell_left_out(notes)
        activity = self._weights(ACTIVITY, notes)
        if activity is None:
            return None
        windowed: dict[str, Recognizer] = {}
        if self._options.wants("speech"):
            names = ("speech.emotion", "speech.prosody", "speech.voice", "speech.strength")
            loaded = {name: self._recognizer(name, notes) for name in names}
            windowed = {name: hears for name, hears in loaded.items() if hears is not None}
        emotion = windowed.get("speech.emotion")
        facts = emotion.card.preprocessing if emotion is not None else {}
        window = float(facts.get("window", _WINDOW))
        if emotion is not None and self._options.speaker is not None:
            windowed["speech.emotion"] = self._told_of_speaker(emotion, window)
        transcript = self._transcript(notes)
        return VoiceParts(
            activity=activity.session("activity"),
            activity_card=activity.card.name,
            windowed=windowed,
            window=window,
            hop=float(facts.get("hop", _HOP)),
            transcribe=None if transcript is None else transcript.transcribe,
            transcript_card="" if transcript is None else transcript.card.name,
            speakers=self._speakers(notes),
        )

    def _told_of_speaker(self, emotion: Recognizer, window: float) -> Recognizer:
        if self._told is None:
            self._told = for_speaker(emotion, str(self._options.speaker), window)
        return self._told

    def _speakers(self, notes: Notes) -> SpeakerParts | None:
        """Return what tells voices apart, or ``None`` (noted)."""
        if not self._options.wants("speech"):
            return None
        recognizer = self._recognizer("speech.embedding", notes)
        return None if recognizer is None else SpeakerParts.of(recognizer)

    def words(self, notes: Notes) -> TextParts | None:
        """Return what reads, or ``None`` (noted) when nothing does."""
        from openaffect.preprocess.text_sentences import sentences

        self._tell_left_out(notes)
        names = ("text.emotion", "text.affect")
        loaded = {name: self._recognizer(name, notes) for name in names}
        found = {name: reader for name, reader in loaded.items() if reader is not None}
        return TextParts(sentences, found, self._roles(notes)) if found else None

    def _roles(self, notes: Notes) -> Callable[[Sentences], Timeline] | None:
        """Return what finds who feels what about whom, where it is asked for."""
        if not self._options.roles:
            return None
        from .text_roles import CARD, read_roles

        notes.used(self._loader.card(CARD))
        return read_roles

    def words_in(self, language: str, notes: Notes) -> TextParts | None:
        """Return what reads another language than English, or ``None`` (noted): never a guess."""
        from openaffect.preprocess.text_sentences import sentences

        self._tell_left_out(notes)
        if self._options.roles:
            notes.warn(f"text.roles is left out: roles are read in English, not in {language}")
        name = f"text-emotion-{language}"
        try:
            self._loader.card(name)
        except UnknownNameError:
            notes.warn(
                f"text: the language looks like {language} and no installed model reads it, so "
                "nothing is said of the words; a recipe for seven languages beside Finnish: "
                "openaffect train text-languages"
            )
            return None
        reader = self._recognizer(name, notes)
        return None if reader is None else TextParts(sentences, {"text.emotion": reader})

    def dialogue(self, language: str, notes: Notes) -> dict[str, DialogueRecognizer]:
        """Return what reads a line with those before it, by timeline; where nothing does, note it.

        Models of dialogues read English.
        """
        found: dict[str, DialogueRecognizer] = {}
        for task in TASKS if language == "eng" else ():
            try:
                self._loader.card(task)
            except UnknownNameError:
                continue  # it is one of several, any of which will do
            except LicenceError:
                pass  # which is noted below
            reader = self._recognizer(task, notes)
            if isinstance(reader, DialogueRecognizer):
                found[task] = reader
        if not found:
            notes.warn(
                f"no model here reads lines in {language} with what was said before them, so each "
                "is read by itself; for English one comes with openaffect[research]"
            )
        return found

    def _tell_left_out(self, notes: Notes) -> None:
        for problem in self._loader.problems:
            notes.warn(f"a model is left out: {problem}")

    def _transcript(self, notes: Notes) -> Any:
        choice = self._options.transcript
        if choice is False or self._options.words is not None:
            return None
        recognizer: Any = self._recognizer("speech.transcript", notes, fetch=choice is True)
        if recognizer is None:
            return None
        return self._kept("open", lambda: self._opened(recognizer), notes)

    def _opened(self, recognizer: Any) -> tuple[Any, Card]:
        recognizer.weights.open("whisper")
        return recognizer, recognizer.card

    def _recognizer(
        self, task: str, notes: Notes, *, fetch: bool = True, threads: int | None = None
    ) -> Recognizer | None:
        """Return the best recogniser of a task, its files made sure of, or ``None`` (noted)."""

        def load() -> tuple[Any, Card]:
            card = self._loader.card(task)
            self._ensure(card, fetch)
            return self._loader.load(card.name, threads=threads), card

        found: Recognizer | None = self._kept(task, load, notes)
        return found

    def _weights(self, name: str, notes: Notes, *, fetch: bool = True) -> CardWeights | None:
        """Return the weights of a part, its files made sure of, or ``None`` (noted).

        Each call of a part runs in one thread; frames are what is spread over threads.
        """

        def load() -> tuple[Any, Card]:
            card = self._loader.card(name)
            self._ensure(card, fetch)
            return self._loader.weights(card, threads=1), card

        found: CardWeights | None = self._kept(name, load, notes)
        return found

    def _ensure(self, card: Card, fetch: bool) -> None:
        for file in card.files:
            if fetch:
                self._store.fetch(card, file.role, self._progress)
            elif self._store.locate(card, file.role) is None:
                raise WeightsUnavailableError(
                    f"the weights of {card.name} are not on this machine; they come with: "
                    f"openaffect models pull {card.name}"
                )

    def _kept(self, name: str, load: Callable[[], tuple[Any, Card]], notes: Notes) -> Any:
        if name not in self._held:
            try:
                model, card = load()
                self._held[name] = (model, card, "")
            except UnknownNameError:
                self._held[name] = (None, None, f"{name} is left out: no installed model does it")
            except MISSING as error:
                self._held[name] = (None, None, f"{name} is left out: {error}")
        model, used, problem = self._held[name]
        if used is None:
            notes.warn(problem)
        else:
            notes.used(used)
            if not used.commercial:
                notes.warn(f"{used.name}: the licence of its weights is {used.licence}")
        return model
