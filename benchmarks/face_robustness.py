"""Measure how the face network stands what cameras do to faces, beside another file of weights.

    python benchmarks/face_robustness.py --before old/face-emotion.onnx \
        --out benchmarks/results/face-robustness.md

spoils the 3,553 named rows of FER+ validation in the ways of :data:`SPOILS`, each with a fixed
seed, and compares the answers of both files on the same pictures; then turns, shrinks and shades a
photograph (scikit-image's astronaut, public domain), and looks for its face as `openaffect analyze`
does. Without ``--before`` the installed weights stand alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import _machine
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Answer = Callable[[Grey], NDArray[Any]]
BATCH = 64
EYES = ((15, 19), (33, 19))
"""Pixels of a 48 x 48 face: x and y of the eyes (``openaffect.preprocess.face_align.TEMPLATE``)."""


def turned(face: Grey, degrees: float) -> Grey:
    """Turn about the middle; the edge is repeated."""
    import cv2

    middle = ((face.shape[1] - 1) / 2, (face.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    size = face.shape[1], face.shape[0]
    moved = cv2.warpAffine(face, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def shrunk(face: Grey, side: int) -> Grey:
    """As it comes back from ``side`` pixels."""
    import cv2

    small = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
    size = face.shape[1], face.shape[0]
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def half_lit(face: Grey, left: bool, dark: float = 0.25) -> Grey:
    """One side keeps a share ``dark`` of its light, with a soft edge in the middle."""
    across = np.linspace(-6, 6, face.shape[1])
    light = dark + (1 - dark) / (1 + np.exp(-across if left else across))
    light = light.reshape(1, -1, *[1] * (face.ndim - 2))
    return np.asarray(np.round(face * light), np.uint8)


def glasses(face: Grey, filled: bool) -> Grey:
    """Dark rims around the eyes, or dark lenses over them."""
    import cv2

    worn = face.copy()
    for eye in EYES:
        cv2.ellipse(worn, eye, (7, 5), 0, 0, 360, 25, -1 if filled else 1)
    cv2.line(worn, (EYES[0][0] + 7, EYES[0][1]), (EYES[1][0] - 7, EYES[1][1]), 25, 1)
    return worn


def covered(face: Grey, random: np.random.Generator) -> Grey:
    """A square of a third of the side, of one grey, anywhere."""
    side = face.shape[0] // 3
    top, left = random.integers(0, face.shape[0] - side, 2)
    hidden = face.copy()
    hidden[top : top + side, left : left + side] = random.integers(0, 256)
    return hidden


def mouth_covered(face: Grey) -> Grey:
    """What lies below 62 % of the height is one light grey, as under a mask."""
    hidden = face.copy()
    hidden[round(0.62 * len(face)) :, 6:-6] = 200
    return hidden


def noisy(face: Grey, random: np.random.Generator) -> Grey:
    """Gaussian noise of deviation 15 of 255."""
    spoilt = face + random.normal(0, 15, face.shape)
    return np.asarray(np.clip(np.round(spoilt), 0, 255), np.uint8)


def compressed(face: Grey) -> Grey:
    """As JPEG of quality 20 leaves it."""
    import cv2

    _, data = cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, 20])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def sign(random: np.random.Generator) -> int:
    """Draw -1 or 1."""
    return int(random.integers(2)) * 2 - 1


SPOILS: dict[str, Callable[[Grey, np.random.Generator], Grey]] = {
    "as it is": lambda face, random: face,
    "turned by 15 degrees": lambda face, random: turned(face, 15 * sign(random)),
    "turned by 30 degrees": lambda face, random: turned(face, 30 * sign(random)),
    "one side dark": lambda face, random: half_lit(face, sign(random) > 0),
    "shrunk to 40 pixels": lambda face, random: shrunk(face, 40),
    "shrunk to 24 pixels": lambda face, random: shrunk(face, 24),
    "rimmed glasses": lambda face, random: glasses(face, False),
    "sunglasses": lambda face, random: glasses(face, True),
    "a ninth covered": covered,
    "mouth and chin covered": lambda face, random: mouth_covered(face),
    "noise": noisy,
    "JPEG of quality 20": lambda face, random: compressed(face),
}
VIEWS: dict[str, Callable[[Grey], Grey]] = {
    "as it is": lambda picture: picture,
    "turned by 15 degrees": lambda picture: turned(picture, 15),
    "turned by 30 degrees": lambda picture: turned(picture, 30),
    "turned by -30 degrees": lambda picture: turned(picture, -30),
    "left side dark": lambda picture: half_lit(picture, True),
    "right side dark": lambda picture: half_lit(picture, False),
    "face of 40 pixels": lambda picture: scaled(picture, 40),
}


def scaled(picture: Grey, face: int) -> Grey:
    """Shrink the astronaut, whose face is 110 of 512 pixels wide."""
    import cv2

    factor = face / 110
    return np.asarray(
        cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )


def answerer(path: Path) -> Answer:
    """Return what gives the (N, 8) probabilities of (N, 48, 48) faces by the file at ``path``."""
    from openaffect.models.backends.onnx import load

    session = load(str(path), threads=1, device="cpu")

    def answer(faces: Grey) -> NDArray[Any]:
        scaled_faces = (faces[:, None] / 255).astype(np.float32)
        return np.concatenate(
            [
                session.run({"image": scaled_faces[start : start + BATCH]})["scores"]
                for start in range(0, len(faces), BATCH)
            ]
        )

    return answer


def table(answers: dict[str, Answer]) -> list[str]:
    """Return the lines of the tables on FER+ validation."""
    from openaffect.data import ferplus

    rows = ferplus.load("validation")
    rows = rows.select(rows.named)
    lines = heading(answers)
    every: dict[str, list[NDArray[Any]]] = {which: [] for which in answers}
    for name, spoil in SPOILS.items():
        random = np.random.default_rng(0)
        faces = np.stack([spoil(face, random) for face in rows.images])
        for which, answer in answers.items():
            every[which].append(answer(faces).argmax(axis=1))
        last = {which: guesses[-1][None] for which, guesses in every.items()}
        lines.append(f"| {name} | {' | '.join(figures(rows.label, last))} |")
    spoilt = {which: np.stack(guesses[1:]) for which, guesses in every.items()}
    lines.append(f"| **mean of the spoilt** | {' | '.join(figures(rows.label, spoilt))} |")
    return [*lines, "", *neutral(rows.label, {w: guesses[0] for w, guesses in every.items()})]


def neutral(truth: NDArray[Any], guesses: dict[str, NDArray[Any]]) -> list[str]:
    """Return the lines that tell which expressions are taken for none."""
    from openaffect.types.schemes import PRIMARY8

    lines = [f"| as it is: read as neutral | faces | {' | '.join(guesses)} |"]
    lines.append(f"|---|--:|{'--:|' * len(guesses)}")
    for label, name in enumerate(PRIMARY8.labels):
        mine = truth == label
        shares = [np.mean(guess[mine] == PRIMARY8.index("neutral")) for guess in guesses.values()]
        lines.append(f"| {name} | {mine.sum()} | {' | '.join(f'{s:.3f}' for s in shares)} |")
    return lines


def heading(answers: dict[str, Answer]) -> list[str]:
    """Return the head of the table."""
    columns = [f"{measure}, {which}" for which in answers for measure in ("accuracy", "recall")]
    if len(answers) == 2:
        columns += ["accuracy gained [95 %]", "recall gained [95 %]"]
    return [f"| faces | {' | '.join(columns)} |", f"|---|{'--:|' * len(columns)}"]


def figures(truth: NDArray[Any], guesses: dict[str, NDArray[Any]]) -> list[str]:
    """Return the cells of one row: each file's figures, and the paired differences.

    guesses: (S, N) of each file, each face spoilt in S ways; figures are means over the ways, and
    faces are what the bootstrap draws.
    """
    from openaffect.metrics.bootstrap import paired_bootstrap
    from openaffect.metrics.classification import accuracy, unweighted_average_recall

    def right(wanted: NDArray[Any], guess: NDArray[Any]) -> float:
        return float(np.mean([accuracy(wanted, one) for one in guess]))

    def recall(wanted: NDArray[Any], guess: NDArray[Any]) -> float:
        return float(np.mean([unweighted_average_recall(wanted, one, classes=8) for one in guess]))

    measures = (right, recall)
    cells = [f"{measure(truth, guess):.3f}" for guess in guesses.values() for measure in measures]
    if len(guesses) == 2:
        before, after = guesses.values()
        for measure in measures:
            gained = paired_bootstrap(
                lambda rows, measure=measure: measure(truth[rows], after[:, rows]),
                lambda rows, measure=measure: measure(truth[rows], before[:, rows]),
                len(truth),
                resamples=1000,
            )
            cells.append(f"{gained.value:+.3f} [{gained.low:+.3f}, {gained.high:+.3f}]")
    return cells


def photograph(answers: dict[str, Answer]) -> list[str]:
    """Return the lines of the table on one photograph, found and cut as the pipeline does."""
    from skimage import data

    from openaffect.pipeline.kit import Kit
    from openaffect.pipeline.notes import Notes
    from openaffect.pipeline.options import Options
    from openaffect.recognize.face_emotion import grey
    from openaffect.types.schemes import PRIMARY8

    parts = Kit(Options()).faces(Notes())
    if parts is None:
        return ["The face detector is not on this machine: `openaffect models pull`."]
    lines = [f"| photograph | {' | '.join(answers)} |", f"|---|{'---|' * len(answers)}"]
    for name, change in VIEWS.items():
        found = parts.find(change(data.astronaut()))
        cells = ["no face found"] * len(answers)
        if len(found):
            face = grey(found.crops[0], 48)[None]
            scores = [answer(face)[0] for answer in answers.values()]
            cells = [f"{PRIMARY8.labels[row.argmax()]} {row.max():.2f}" for row in scores]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Print the tables, and write them where ``--out`` says."""
    from openaffect import models

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", type=Path, help="another file of the network's weights")
    parser.add_argument("--after", type=Path, help="default: the installed weights")
    parser.add_argument("--out", type=Path, help="write the tables there as well")
    arguments = parser.parse_args()
    after = arguments.after
    if after is None:
        after = models.Store().fetch(models.card("face-emotion"), "model")
    files = {"before": arguments.before, "after": after}
    answers = {name: answerer(path) for name, path in files.items() if path is not None}
    shown = ("Processor", "Python", "Versions", "Date")
    lines = ["# Robustness of the face network", "", "| machine | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in _machine.facts() if name in shown]
    lines += ["", "FER+ validation, 3,553 named rows, each spoilt alike for both files:", ""]
    lines += table(answers)
    lines += ["", "One photograph, through detection, mesh and alignment:", ""]
    lines += photograph(answers)
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if arguments.out is not None:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
