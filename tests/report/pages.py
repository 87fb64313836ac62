"""Analyses of made numbers, and what the page of one holds, read as a browser would."""

import base64
import json
import wave
from html.parser import HTMLParser

import numpy as np

from openaffect.types import Analysis, Card, Timeline
from openaffect.types.schemes import CONFLICT, EKMAN7, PRIMARY8, TRANSCRIPT, VALENCE_AROUSAL

BOX = (60.0, 20.0, 110.0, 80.0)


def card(**given):
    facts = {"name": "stand-in", "task": "face.emotion", "modality": "face", "licence": "CC0-1.0"}
    return Card(**(facts | {"limits": ("drawn by hand",)} | given))


def seconds(count, step):
    return np.column_stack([np.arange(count), np.arange(count) + 1]) * step


def certain(label, count, scheme=PRIMARY8):
    """Shares of one label alone."""
    scores = np.zeros((count, len(scheme)))
    scores[:, scheme.labels.index(label)] = 1
    return scores


def words(sentences, step=2.0):
    return np.array(sentences, dtype=object), seconds(len(sentences), step)


def video(duration=8.0, people=1, said=("How nice.", "I am sad."), source="talk.mp4", **facts):
    """Faces happy first and sad after half of the time; two sentences; a conflict."""
    looks = int(duration * 5)
    half = looks // 2
    course = np.concatenate([certain("happiness", half), certain("sadness", looks - half)])
    spans = np.tile(seconds(looks, 0.2), (people, 1))
    who = {"subject": np.repeat(np.arange(people), looks)}
    text, when = words(said)
    first = EKMAN7.labels.index("happiness")
    moods = np.full((len(said), 7), 0.02)
    moods[:, first] = 0.88
    lines = {
        "face.emotion": Timeline(
            PRIMARY8, np.tile(course, (people, 1)), spans, coverage=[[0, duration]],
            extra=who | {"box": np.tile(BOX, (people * looks, 1))},
        ),
        "face.affect": Timeline(
            VALENCE_AROUSAL, np.tile([[0.5, -0.25]], (people * looks, 1)), spans, extra=who,
            coverage=[[0, duration]],
        ),
        "speech.transcript": Timeline(
            TRANSCRIPT, np.full((len(said), 1), 0.9), when, extra={"text": text},
            coverage=[[0, duration]],
        ),
        "text.ekman": Timeline(EKMAN7, moods, when, extra={"text": text}),
        "fused.emotion": Timeline(PRIMARY8, certain("happiness", int(duration)),
                                  seconds(int(duration), 1.0)),
        "fused.conflict": Timeline(
            CONFLICT, np.full((1, len(CONFLICT)), 0.7), [[2, 4]],
            extra={"text": np.array(["smiling face, sad words"], dtype=object),
                   "subject": np.zeros(1, int)},
        ),
    }  # fmt: skip
    about = {"modality": "video", "duration": duration, "width": 160, "height": 120} | facts
    return Analysis(source, about, lines, (card(),), ("the light is poor",))


def sound(path, duration=4.0, rate=8000):
    """Write a tone as WAV, which every browser plays."""
    samples = 8000 * np.sin(np.arange(int(duration * rate)) * 2 * np.pi * 220 / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


class Page(HTMLParser):
    """The page's elements: ``scripts``, ``styles``, ``policy``, ``data`` and ``media`` (bytes)."""

    def __init__(self, path):
        super().__init__()
        self.scripts, self.styles, self.tags = [], [], []
        self.policy, self._blocks, self._open = {}, {}, None
        self.text = path.read_text("utf-8")
        self.feed(self.text)
        self.data = json.loads(self._blocks["data"])
        self.media = base64.b64decode(self._blocks.get("media", ""))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag in ("script", "style"):
            self._open = given.get("id") or tag
        if given.get("http-equiv") == "Content-Security-Policy":
            rules = (rule.split() for rule in given["content"].split(";"))
            self.policy = {name: values for name, *values in rules}

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open == "script":
            self.scripts.append(data)
        elif self._open == "style":
            self.styles.append(data)
        elif self._open:
            self._blocks[self._open] = self._blocks.get(self._open, "") + data
