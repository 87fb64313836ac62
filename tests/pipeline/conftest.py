"""Made media, and models that are a line of arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from openaffect.pipeline.faces import FaceParts, Faces
from openaffect.pipeline.voice import VoiceParts
from openaffect.pipeline.words import TextParts
from openaffect.preprocess.face_action_units import from_blendshapes
from openaffect.preprocess.text_sentences import sentences
from openaffect.preprocess.track import Tracker
from openaffect.recognize._affect import affect_from_emotion
from openaffect.recognize.text_emotion import TextEmotion
from openaffect.types import Card, Timeline, scheme

RATE = 16_000
SIDE = 24


def card(name, task, scheme_name, **facts):
    return Card(
        name=name,
        task=task,
        modality=task.partition(".")[0],
        scheme=scheme_name,
        licence="CC0-1.0",
        commercial=True,
        preprocessing=facts,
    )


class StubRecognizer:
    """Scores every item by ``rule``, an array of K numbers, and remembers how many it saw."""

    def __init__(self, name, task, scheme_name, rule):
        self.card = card(name, task, scheme_name)
        self.scheme = scheme(scheme_name)
        self.rule = rule
        self.seen = 0

    def __call__(self, batch, /):
        self.seen += len(batch)
        scores = np.asarray([self.rule(item) for item in batch], np.float32)
        return Timeline(
            self.scheme,
            scores.reshape(-1, len(self.scheme)),
            np.zeros((len(batch), 2)),
            unit="whole",
            model=self.card.name,
        )


class StubReader(StubRecognizer):
    """Reads, and tells what each word counts."""

    attribute = TextEmotion.attribute


def peaked(count, place, mass=0.7):
    scores = np.full(count, (1 - mass) / (count - 1))
    scores[place] = mass
    return scores


class StubActivity:
    """Speech is where a frame is loud."""

    inputs = ("input", "h", "c")
    outputs = ("speech_probs", "hn", "cn")

    def run(self, feeds):
        loud = np.abs(feeds["input"]).mean(axis=1) > 0.01
        return {"speech_probs": loud * 0.9, "hn": feeds["h"], "cn": feeds["c"]}


def find(image):
    """Take every white square of a black picture for a face."""
    import cv2

    mask = (image[:, :, 1] > 128).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = [row[:4] for row in stats[1:count] if row[4] > 100]
    box = np.asarray([(x, y, x + w, y + h) for x, y, w, h in found], np.float32).reshape(-1, 4)
    crops = [image[y : y + h, x : x + w] for x, y, w, h in found]
    return Faces(
        box=box,
        quality=np.full(len(box), 0.75, np.float32),
        pose=np.zeros((len(box), 3), np.float32),
        crops=crops,
        blendshapes=np.full((len(box), 52), 0.25, np.float32),
    )


class StubKit:
    """Stands for the models; ``missing`` names those that cannot be had."""

    roles = None

    def __init__(self, missing=(), emotion_rule=None):
        self.missing = missing
        self.emotion = StubRecognizer(
            "stub-face", "face.emotion", "primary8", emotion_rule or (lambda crop: peaked(8, 3))
        )
        self.voice_emotion = StubRecognizer(
            "stub-voice", "speech.emotion", "emodb7", lambda sound: peaked(7, 4)
        )
        self.text = StubReader(
            "stub-text",
            "text.emotion",
            "goemotions28",
            lambda text: peaked(28, 17 if "happy" in text else 25, 0.8),
        )
        self.transcribed = []

    def faces(self, notes):
        if "faces" in self.missing:
            notes.warn("face-mesh-468 is left out: not on this machine")
            return None
        notes.used(self.emotion.card)
        return FaceParts(
            find=find,
            tracker=Tracker,
            emotion=None if "face.emotion" in self.missing else self.emotion,
            affect=affect_from_emotion,
            action_units=from_blendshapes,
            mesh_card="stub-mesh",
            blendshape_card="stub-shapes",
        )

    def voice(self, notes):
        if "voice" in self.missing:
            notes.warn("silero-vad is left out: not on this machine")
            return None
        notes.used(self.voice_emotion.card)
        return VoiceParts(
            activity=StubActivity(),
            activity_card="stub-activity",
            windowed={"speech.emotion": self.voice_emotion},
            window=1.0,
            hop=0.5,
            transcribe=None if "transcript" in self.missing else self.transcribe,
            transcript_card="stub-transcript",
        )

    def words(self, notes):
        if "words" in self.missing:
            notes.warn("text.emotion is left out: not on this machine")
            return None
        notes.used(self.text.card)
        return TextParts(sentences, {"text.emotion": self.text}, self.roles)

    def words_in(self, language, notes):
        return self.words(notes)

    def dialogue(self, language, notes):
        return {}

    def transcribe(self, samples, start):
        end = start + len(samples) / RATE
        self.transcribed.append((start, end))
        return Timeline(
            scheme("transcript"),
            [[0.9]],
            [(start, end)],
            extra={"text": ["I am so happy. It was late."]},
            coverage=[(start, end)],
            model="stub-transcript",
        )


def picture(places, width=160, height=96):
    image = np.zeros((height, width, 3), np.uint8)
    for x, y in places:
        image[y : y + SIDE, x : x + SIDE] = 255
    return image


def speech(seconds, loud):
    """Return a tone that is loud in the stretches ``loud`` and silent elsewhere."""
    time = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros(len(time), np.float32)
    for start, end in loud:
        inside = (time >= start) & (time < end)
        sound[inside] = 0.3 * np.sin(2 * np.pi * 220 * time[inside])
    return sound


def write_video(path, frames, *, rate=10, sound=None):
    """Write (H, W, 3) uint8 frames and pieces of mono 16 kHz sound, in codecs of FFmpeg's own."""
    import av

    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=rate, options={"qscale": "2"})
        first = frames[0]
        video.height, video.width = first.shape[:2]
        video.pix_fmt = "yuv420p"
        video.time_base = Fraction(1, rate)
        audio = container.add_stream("aac", rate=RATE, layout="mono") if sound is not None else None
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            write_sound(container, audio, sound)


def write_sound(container, stream, pieces):
    import av

    done = 0
    for sound in pieces:
        for start in range(0, len(sound), 1024):
            block = np.ascontiguousarray(sound[start : start + 1024][None], np.float32)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, done + start, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        done += len(sound)
    container.mux(stream.encode(None))


@pytest.fixture
def kit():
    return StubKit()


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Eight seconds: one face crosses, a second joins from 4 s; speech from 1 to 3 and 5 to 7 s."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    frames = [picture([(t // 2, 8)] + ([(110, 60)] if t >= 40 else [])) for t in range(80)]
    write_video(path, frames, sound=[speech(8, [(1, 3), (5, 7)])])
    return path


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory):
    """Ninety seconds of one face that jumps about slowly; speech two seconds in every five."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    frames = [picture([(20 + (t * 3) % 60, 8 + t % 40)]) for t in range(180)]
    loud = [(t + 0.5, t + 2.5) for t in range(0, 90, 5)]
    write_video(path, frames, rate=2, sound=[speech(90, loud)])
    return path
