"""The built-in schemes, each with its source."""

from __future__ import annotations

from .errors import UnknownNameError, did_you_mean
from .scheme import Kind, Scheme

PRIMARY8 = Scheme(
    "primary8",
    ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "contempt", "neutral"),
    Kind.CATEGORIES,
)
"""The eight classes of FER+ (Barsoum et al., 2016), in this package's order."""

EKMAN7 = Scheme(
    "ekman7",
    ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"),
    Kind.MULTILABEL,
)
"""Ekman's six basic emotions (Ekman, 1992) and neutral, as independent labels: a text may carry
several, as in GoEmotions' official grouping (whose ``joy`` is called happiness here)."""

GOEMOTIONS28 = Scheme(
    "goemotions28",
    (
        "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
        "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
        "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
        "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
    ),
    Kind.MULTILABEL,
)  # fmt: skip
"""GoEmotions (Demszky et al., 2020), the official order."""

PLUTCHIK8 = Scheme(
    "plutchik8",
    ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust"),
    Kind.MULTILABEL,
)
"""Plutchik's wheel (1980), as annotated in XED (Ohman et al., 2020)."""

XED9 = Scheme("xed9", (*PLUTCHIK8.labels, "neutral"), Kind.MULTILABEL)
"""Plutchik's eight in the order of XED's numbers 1 to 8, and neutral, always alone."""

EMPATHETIC32 = Scheme(
    "empathetic32",
    (
        "afraid", "angry", "annoyed", "anticipating", "anxious", "apprehensive", "ashamed",
        "caring", "confident", "content", "devastated", "disappointed", "disgusted",
        "embarrassed", "excited", "faithful", "furious", "grateful", "guilty", "hopeful",
        "impressed", "jealous", "joyful", "lonely", "nostalgic", "prepared", "proud", "sad",
        "sentimental", "surprised", "terrified", "trusting",
    ),
    Kind.CATEGORIES,
)  # fmt: skip
"""EmpatheticDialogues (Rashkin et al., 2019)."""

SENTIMENT3 = Scheme("sentiment3", ("negative", "neutral", "positive"), Kind.MULTILABEL)
"""Polarity, as independent labels: a text may praise and blame."""

EMODB7 = Scheme(
    "emodb7",
    ("anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"),
    Kind.CATEGORIES,
)
"""EMO-DB (Burkhardt et al., 2005)."""

RAVDESS8 = Scheme(
    "ravdess8",
    ("anger", "calm", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"),
    Kind.CATEGORIES,
)
"""RAVDESS speech (Livingstone and Russo, 2018)."""

SPEECH9 = Scheme(
    "speech9",
    (
        "anger", "boredom", "calm", "disgust", "fear", "happiness", "sadness", "surprise",
        "neutral",
    ),
    Kind.CATEGORIES,
)  # fmt: skip
"""The union of EMO-DB's and RAVDESS's classes."""

VALENCE_AROUSAL = Scheme(
    "valence-arousal", ("valence", "arousal"), Kind.DIMENSIONS, low=-1.0, high=1.0
)
"""The circumplex (Russell, 1980)."""

VALENCE_AROUSAL_DOMINANCE = Scheme(
    "valence-arousal-dominance",
    ("valence", "arousal", "dominance"),
    Kind.DIMENSIONS,
    low=-1.0,
    high=1.0,
)
"""Mehrabian and Russell's three dimensions (1974), scaled to [-1, 1]."""

FACS_AU = Scheme(
    "facs-au",
    (
        "AU01", "AU02", "AU04", "AU05", "AU06", "AU07", "AU09", "AU10", "AU12", "AU14", "AU15",
        "AU17", "AU18", "AU20", "AU23", "AU24", "AU25", "AU26", "AU28", "AU43", "AU45",
    ),
    Kind.INTENSITIES,
    low=0.0,
    high=5.0,
)  # fmt: skip
"""Action units of FACS (Ekman, Friesen and Hager, 2002); 0 absent, 1-5 for intensities A-E."""

ARKIT52 = Scheme(
    "arkit52",
    (
        "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft",
        "browOuterUpRight", "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft",
        "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
        "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft",
        "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen",
        "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft",
        "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight",
        "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower",
        "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
        "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
        "noseSneerLeft", "noseSneerRight",
    ),
    Kind.INTENSITIES,
    low=0.0,
    high=1.0,
)  # fmt: skip
"""The 52 outputs of the MediaPipe face landmarker, in the model's own order (its first column,
``_neutral``, takes the place of ARKit's tongueOut)."""

HEAD_POSE = Scheme(
    "head-pose",
    ("pitch", "yaw", "roll"),
    Kind.DIMENSIONS,
    low=-180.0,
    high=180.0,
    units=("degree", "degree", "degree"),
)
"""Head rotation. Positive pitch looks down, positive yaw turns to the image's right, positive roll
tilts clockwise as seen in the image."""

EYES = Scheme("eyes", ("closure_left", "closure_right"), Kind.INTENSITIES, low=0.0, high=1.0)
"""How far either eye (the person's own left and right) is closed: 0 as open as that person's eyes
usually are, 1 shut."""

GAZE = Scheme(
    "gaze",
    ("yaw", "pitch"),
    Kind.DIMENSIONS,
    low=-180.0,
    high=180.0,
    units=("degree", "degree"),
)
"""Where the eyes look, relative to the camera: 0, 0 is into the camera. Positive yaw looks to the
image's right, positive pitch down."""

FACE_EVENTS = Scheme(
    "face-events",
    ("blink", "long_closure", "gaze_away", "micro_expression_candidate"),
    Kind.MULTILABEL,
)
"""What happened in a face, from onset to offset; one label a row, its value how clear it was."""

ENGAGEMENT = Scheme(
    "engagement",
    ("perclos", "blink_rate", "gaze_on_camera", "head_motion"),
    Kind.DIMENSIONS,
    low=0.0,
    high=None,
    units=("1", "1/min", "1", "degree/s"),
)
"""Signals of a window, no diagnoses: the share of time with the eyes at least 80 % closed (PERCLOS,
P80: Wierwille et al., 1994; Dinges and Grace, 1998), blinks a minute, the share of time looking
into the camera, and how fast the head turned. NaN is not measured."""

PROSODY = Scheme(
    "prosody",
    (
        "f0_mean", "f0_range", "loudness_mean", "loudness_range", "voiced_share",
        "syllable_rate", "pause_share",
    ),
    Kind.DIMENSIONS,
    low=None,
    high=None,
    units=(
        "Hz", "semitone", "dBFS", "dB", "1", "1/s", "1",
    ),
)  # fmt: skip
"""What a voice did in a window; NaN where it was not to be measured (no voiced frame, say)."""

STRENGTH = Scheme("strength", ("strength",), Kind.INTENSITIES)
"""How strongly an emotion is shown: 0 as normal as can be, 1 surely strong."""

VOICE_QUALITY = Scheme(
    "voice-quality",
    (
        "jitter", "shimmer", "harmonics_to_noise", "cepstral_peak_prominence", "h1_h2",
        "alpha_ratio",
    ),
    Kind.DIMENSIONS,
    low=None,
    high=None,
    units=("1", "1", "dB", "dB", "dB", "dB"),
)  # fmt: skip
"""How a voice sounded in a window: breathy or tense, steady or trembling; NaN without voice."""

SPEECH_ACTIVITY = Scheme("speech-activity", ("speech",), Kind.MULTILABEL)
"""Probability that somebody speaks."""

SPEAKER_EMBEDDING = Scheme(
    "speaker-embedding", tuple(f"d{number:02d}" for number in range(48)), Kind.DIMENSIONS, low=-1.0
)
"""Whose voice it is, as a vector of length 1: the cosine of two tells how alike they are."""

SPEAKER_TURNS = Scheme("speaker-turns", ("confidence",), Kind.MULTILABEL)
"""Who speaks, in ``extra["subject"]``, with how sure it is that it is that voice and no other."""

CONFLICT = Scheme(
    "conflict",
    ("face_speech", "face_text", "speech_text"),
    Kind.INTENSITIES,
    low=0.0,
    high=1.0,
)
"""How far two streams of emotion disagree, one column a pair; NaN where that pair does not."""

TRANSCRIPT = Scheme("transcript", ("confidence",), Kind.MULTILABEL)
"""Words with the recogniser's own confidence; the words stand in ``extra["text"]``."""

EMOTION_ROLES = Scheme("emotion-roles", ("cue", "experiencer", "target", "cause"), Kind.MULTILABEL)
"""The part that some words play in a feeling that a sentence tells of (after Campagnano et al.,
2022): what names it, who feels it, what it is directed at, what brought it about."""

BUILT_IN: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        PRIMARY8, EKMAN7, GOEMOTIONS28, PLUTCHIK8, XED9, EMPATHETIC32, SENTIMENT3,
        EMODB7, RAVDESS8, SPEECH9, VALENCE_AROUSAL,
        VALENCE_AROUSAL_DOMINANCE, FACS_AU, ARKIT52, HEAD_POSE, EYES, GAZE, FACE_EVENTS,
        ENGAGEMENT, PROSODY, STRENGTH, VOICE_QUALITY, SPEECH_ACTIVITY, SPEAKER_EMBEDDING,
        SPEAKER_TURNS, CONFLICT, TRANSCRIPT, EMOTION_ROLES,
    )
}  # fmt: skip


def scheme(name: str) -> Scheme:
    """Return the built-in scheme called ``name``, or raise :class:`UnknownNameError`."""
    try:
        return BUILT_IN[name]
    except KeyError:
        raise UnknownNameError(
            f"no scheme is called {name!r}{did_you_mean(name, BUILT_IN)} "
            f"Built in: {', '.join(sorted(BUILT_IN))}"
        ) from None
