"""Drawn people: heads of known identity, pose, gaze, expression and place. Nobody is filmed.

The head is ICT-FaceKit's (Li et al., "Learning Formation of Physically-Based Face Attributes", CVPR
2020, MIT licence), a linear model: 30 identity modes make the shape, 53 shapes the expression. The
colours, hair and clothes are invented here, flat shaded and drawn back to front, the eyes always
behind the lids (no lid of the model closes over every shape of eye). The model's eyes are 3 cm
across; they are shrunk to a human 2.4 cm about their front, so that an iris moves as far for an
angle as a human one does, and turned as a ball is turned.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHITE, INSIDE, TEETH = (228, 224, 220), (110, 45, 45), (225, 220, 205)
HIDDEN = ("occlusion", "blend", "lacrimal", "lash")
EYEBALL, IRIS, PUPIL = 1.2, 0.59, 0.22
"""Centimetres: radius of the eye, of its iris, of its pupil."""
_LIDS = 30.0
"""Degrees of gaze at which the lids' own shapes are at full weight."""


class NoHeadModel(Exception):  # noqa: N818 - a reason, no error
    """The head model is not on this machine."""


@dataclass(frozen=True)
class Person:
    """A made person: shape (30,) of identity modes, and the colours of the parts."""

    shape: tuple[float, ...]
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    iris: tuple[int, int, int]
    lips: tuple[int, int, int]
    shirt: tuple[int, int, int]
    style: str = "short"
    beard: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Look:
    """How a person is at one moment.

    pitch, yaw, roll: degrees of the head, as ``preprocess.face_pose``. gaze: (yaw, pitch) degrees
    relative to the camera, positive to the image's right and down. blink: closure of both eyes in
    [0, 1]. expression: weights by the model's names. x, y: the head's middle in pixels; size:
    pixels from ear to ear.
    """

    x: float = 320.0
    y: float = 230.0
    size: float = 200.0
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    blink: float = 0.0
    expression: dict[str, float] = field(default_factory=dict)

    def at(self, **changes: Any) -> Look:
        """Return the look with some things changed."""
        return replace(self, **changes)


SKINS = ((236, 196, 172), (205, 165, 140), (168, 122, 92), (120, 82, 60), (222, 180, 150))
HAIRS = ((40, 30, 26), (95, 62, 38), (190, 150, 92), (140, 60, 35), (150, 150, 152))
IRISES = ((70, 48, 34), (80, 110, 140), (90, 120, 80))
SHIRTS = (
    (60, 80, 140),
    (150, 50, 50),
    (230, 230, 225),
    (50, 100, 70),
    (40, 40, 44),
    (200, 170, 60),
)
STYLES = ("short", "long", "bald")


def person(seed: int) -> Person:
    """Return a person drawn at random."""
    draw = np.random.default_rng(seed)

    def one(table: Any) -> Any:
        return table[int(draw.integers(len(table)))]

    skin = tuple(int(v) for v in np.clip(np.array(one(SKINS)) + draw.integers(-8, 9, 3), 0, 255))
    lips = tuple(int(v) for v in np.clip(np.array(skin) * (0.85, 0.55, 0.58), 0, 255))
    return Person(
        shape=tuple(np.clip(draw.normal(0, 0.9, 30), -2, 2).tolist()),
        skin=skin,
        hair=one(HAIRS),
        iris=one(IRISES),
        lips=lips,
        shirt=one(SHIRTS),
        style=one(STYLES),
        beard=bool(draw.random() < 0.25),
        seed=seed,
    )


@cache
def _model() -> dict[str, Any]:
    places = [p for p in os.environ.get("OPENAFFECT_WEIGHTS", "").split(os.pathsep) if p]
    places.append(str(Path(__file__).resolve().parents[2] / "shared" / "models"))
    for place in places:
        path = Path(place) / "ict_facekit.npz"
        if path.is_file():
            return dict(np.load(path))
    raise NoHeadModel(f"ict_facekit.npz is in none of {', '.join(places)} (OPENAFFECT_WEIGHTS)")


@cache
def _parts() -> dict[str, Any]:
    """Return the triangles that are drawn, and masks over them of what they belong to."""
    from matplotlib.path import Path as Outline

    model = _model()
    names = [str(name) for name in model["part_names"]]
    kept = np.array(
        [not any(word in names[part] for word in HIDDEN) for part in model["face_part"]]
    )
    triangles, parts = model["faces"][kept], model["face_part"][kept]
    middles = model["neutral"][triangles].mean(axis=1)
    marks = model["neutral"][model["landmark68_vertices"]]
    face, neck = parts == names.index("face"), parts == names.index("head_and_neck")
    lines = [np.linspace(marks[i], marks[i + 1], 8) for i in (*range(17, 21), *range(22, 26))]
    gaps = np.linalg.norm(middles[:, None] - np.concatenate(lines)[None, ::2], axis=2).min(axis=1)
    mouth = Outline(marks[48:60, :2]).contains_points(middles[:, :2])
    x, y, z = middles.T
    hairline = 9.3 - 0.045 * x**2
    scalp = (face | neck) & (((y > hairline) & (z > 2)) | ((z <= 2) & (y > 0.5)))
    ears = neck & (np.abs(x) > 7.6) & (np.abs(y - 3.0) < 4.5) & (z > -2)
    below = face & (y < marks[33, 1] - 0.6) & (y > -9.5) & ~mouth
    chin = below & ((y < marks[57, 1]) | (np.abs(x) > 3.4) | (y > marks[51, 1] + 0.2))
    balls = [names.index("eyeball_left"), names.index("eyeball_right")]
    return {
        "triangles": triangles,
        "brow": face & (gaps < 0.45),
        "lips": face & mouth & (z > marks[48:60, 2].min() - 1),
        "inside": np.isin(parts, [names.index(n) for n in ("mouth_socket", "gums_and_tongue")]),
        "teeth": parts == names.index("teeth"),
        "white": np.isin(parts, [i for i, n in enumerate(names) if n.startswith("eye_socket")]),
        "balls": [parts == ball for ball in balls],
        "ranges": [
            tuple(model["part_vertex_range"][names.index(f"eyeball_{s}")])
            for s in ("left", "right")
        ],
        "scalp": scalp & ~ears,
        "behind": np.char.startswith(np.array(names), "eye")[parts],
        "beard": chin & (z > 3) & (np.abs(x) < 7),
        "shirt": (y < -13.2) & ~face,
    }


@cache
def _shape(who: Person) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Return the person's neutral vertices, eyes shrunk, and the centre of each eye."""
    model, parts = _model(), _parts()
    vertices = model["neutral"] + np.tensordot(
        np.array(who.shape), model["identity_deltas"].astype(np.float64), axes=1
    )
    centres = []
    for start, stop in parts["ranges"]:
        ball = vertices[start:stop]
        middle = (ball.min(axis=0) + ball.max(axis=0)) / 2
        front = ball[:, 2].max()
        small = EYEBALL / ((ball[:, 0].max() - ball[:, 0].min()) / 2)
        centre = np.array([middle[0], middle[1], front - (front - middle[2]) * small])
        vertices[start:stop] = (ball - middle) * small + centre
        centres.append(centre)
    if who.style != "bald":
        thick = np.unique(parts["triangles"][parts["scalp"]])
        out = vertices[thick] - [0, 2, 0]
        vertices[thick] += 0.55 * out / np.linalg.norm(out, axis=1, keepdims=True)
    return vertices, centres


@cache
def _colours(who: Person) -> NDArray[np.float64]:
    parts = _parts()
    colours = np.full((len(parts["triangles"]), 3), who.skin, float)
    colours *= 1 + np.random.default_rng(who.seed).normal(0, 0.012, (len(colours), 1))
    if who.beard:
        colours[parts["beard"]] = 0.7 * np.array(who.hair) + 0.3 * np.array(who.skin)
    if who.style != "bald":
        colours[parts["scalp"]] = who.hair
    colours[parts["brow"]] = 0.8 * np.array(who.hair) + 0.2 * np.array(who.skin)
    for name, colour in (
        ("lips", who.lips), ("inside", INSIDE), ("teeth", TEETH), ("white", WHITE),
        ("shirt", who.shirt),
    ):  # fmt: skip
        colours[parts[name]] = colour
    vertices, centres = _shape(who)
    for ball, centre in zip(parts["balls"], centres, strict=True):
        middles = vertices[parts["triangles"][ball]].mean(axis=1) - centre
        off = np.hypot(middles[:, 0], middles[:, 1])
        shade = np.tile(np.array(WHITE, float), (len(middles), 1))
        front = middles[:, 2] > 0
        shade[front & (off < IRIS)] = who.iris
        shade[front & (off < PUPIL)] = (12, 10, 10)
        colours[ball] = shade
    return colours


def turn(pitch: float, yaw: float, roll: float) -> NDArray[np.float64]:
    """Return the (3, 3) rotation of a head, as ``preprocess.face_pose`` defines its angles."""
    a, b, c = np.radians([pitch, -yaw, roll])
    down = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    side = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    tilt = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return tilt @ side @ down


def sight(yaw: float, pitch: float) -> NDArray[np.float64]:
    """Return the unit vector of a gaze: x right, y down, z away from the viewer."""
    b, a = np.radians([yaw, pitch])
    return np.array([np.sin(b) * np.cos(a), np.sin(a), -np.cos(b) * np.cos(a)])


def draw(picture: NDArray[np.uint8], who: Person, look: Look, light: float = 0.3) -> None:
    """Draw a person into an (H, W, 3) uint8 RGB picture, in place. ``light``: where from, x."""
    import cv2

    parts, model = _parts(), _model()
    neutral, centres = _shape(who)
    rotation = turn(look.pitch, look.yaw, look.roll)
    weights, inward = _weights(look, rotation)
    names = [str(name) for name in model["expression_names"]]
    vertices = neutral.copy()
    for name, weight in weights.items():
        vertices += weight * model["expression_deltas"][names.index(name)]
    for (start, stop), centre in zip(parts["ranges"], centres, strict=True):
        ball = (neutral[start:stop] - centre) * [1, -1, -1] @ inward.T
        vertices[start:stop] = ball * [1, -1, -1] + centre
    vertices = (vertices * [1, -1, -1] - [0, 2, -2]) @ rotation.T
    scale = look.size / 17.0
    _body(picture, who, look, scale)
    corners = vertices[parts["triangles"]]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    beam = np.array([light, -0.5, -0.8]) / np.linalg.norm([light, -0.5, -0.8])
    shades = _colours(who) * (0.42 + 0.58 * np.clip(normals @ beam, 0, 1))[:, None]
    places = np.round((corners[:, :, :2] * scale + [look.x, look.y]) * 16).astype(np.int32)
    seen = np.flatnonzero(normals[:, 2] < 0.05)
    depth = corners[:, :, 2].mean(axis=1) + np.where(parts["behind"], 3.0, 0.0)
    for index in seen[np.argsort(-depth[seen])]:
        cv2.fillConvexPoly(picture, places[index], shades[index].tolist(), cv2.LINE_AA, 4)


def _weights(look: Look, rotation: NDArray[np.float64]) -> tuple[dict[str, float], NDArray[Any]]:
    """Return the expression with lids that follow the eyes, and the eyes' own rotation."""
    x, y, z = rotation.T @ sight(*look.gaze)
    yaw, pitch = np.degrees(np.arctan2(x, -z)), np.degrees(np.arcsin(np.clip(y, -1, 1)))
    weights = dict(look.expression)
    right, left = max(yaw, 0) / _LIDS, max(-yaw, 0) / _LIDS
    up, down = max(-pitch, 0) / _LIDS, max(pitch, 0) / _LIDS
    for name, weight in (
        ("eyeLookOut_L", right), ("eyeLookIn_R", right), ("eyeLookIn_L", left),
        ("eyeLookOut_R", left), ("eyeLookUp_L", up), ("eyeLookUp_R", up),
        ("eyeLookDown_L", down), ("eyeLookDown_R", down),
        ("eyeBlink_L", look.blink), ("eyeBlink_R", look.blink),
    ):  # fmt: skip
        weights[name] = weights.get(name, 0.0) + float(np.clip(weight, 0, 1))
    return weights, turn(pitch, yaw, 0)


def _body(picture: NDArray[np.uint8], who: Person, look: Look, scale: float) -> None:
    """Draw long hair and shoulders behind the head."""
    import cv2

    def at(x: float, y: float) -> tuple[int, int]:
        return round(look.x + x * scale), round(look.y + y * scale)

    if who.style == "long":
        cv2.ellipse(picture, (at(0, 2), (round(19 * scale), round(26 * scale)), 0), who.hair, -1)
    outline = [at(-9, 15), at(-21, 19), at(-25, 60), at(25, 60), at(21, 19), at(9, 15)]
    cv2.fillPoly(picture, [np.array(outline, np.int32)], tuple(int(0.8 * v) for v in who.shirt))


def scene(seed: int, width: int = 640, height: int = 480) -> NDArray[np.uint8]:
    """Return a background: blurred blocks of colour, the same for the same seed."""
    import cv2

    draw_ = np.random.default_rng(seed)
    grey = draw_.integers(60, 180, (6, 8, 1))
    blocks = (0.7 * grey + 0.3 * draw_.integers(50, 190, (6, 8, 3))).astype(np.uint8)
    large = cv2.resize(blocks, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.GaussianBlur(large, (0, 0), 12), np.uint8)


def finish(picture: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Soften a drawn picture and give it a sensor's noise."""
    import cv2

    soft = cv2.GaussianBlur(picture, (0, 0), 0.7).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, 2.0, picture.shape)
    return np.asarray(np.clip(soft + noise, 0, 255), np.uint8)
