"""Fit the gains of the gaze on drawn heads, and measure it on people who were not fitted.

    python benchmarks/gaze_gain.py

draws 25 people (seeds 100 to 124) with 12 looks each, prints the gain and the offset fitted on all,
and the mean absolute error in degrees of the eyes in the head on people 113 to 124 when the others
alone are fitted, beside that of always guessing the mean. Simulated: nobody is filmed.
"""

from __future__ import annotations

import _heads
import numpy as np

from openaffect.preprocess.face_eyes import looking, rotations

PEOPLE = range(100, 125)
HELD_OUT = 113


def main() -> None:
    from openaffect.pipeline.kit import Kit
    from openaffect.pipeline.notes import Notes
    from openaffect.pipeline.options import Options

    parts = Kit(Options(modality="face", threads=1)).faces(Notes())
    assert parts is not None
    draw = np.random.default_rng(5)
    rows = []
    for seed in PEOPLE:
        who = _heads.person(seed)
        for number in range(12):
            turned = number % 2
            look = _heads.Look(
                size=float(draw.uniform(120, 220)),
                gaze=(float(draw.uniform(-30, 30)), float(draw.uniform(-20, 20))),
                yaw=float(draw.uniform(-25, 25)) * turned,
                pitch=float(draw.uniform(-15, 15)) * turned,
                roll=float(draw.uniform(-10, 10)) * turned,
            )
            picture = _heads.scene(seed)
            _heads.draw(picture, who, look, light=float(draw.uniform(-0.5, 0.5)))
            faces = parts.find(_heads.finish(picture, number))
            if len(faces) == 1 and faces.blendshapes is not None:
                x, y, z = rotations(faces.pose)[0].T @ _heads.sight(*look.gaze)
                truth = np.degrees([np.arctan2(x, -z), np.arcsin(np.clip(y, -1, 1))])
                rows.append((seed, *truth, *(v[0] for v in looking(faces.blendshapes))))
    table = np.array(rows)
    print(f"{len(table)} of {len(PEOPLE) * 12} pictures with one face")
    old = table[:, 0] < HELD_OUT
    for name, true, seen in (("yaw", 1, 3), ("pitch", 2, 4)):
        gain = np.polyfit(table[:, seen], table[:, true], 1)
        part = np.polyfit(table[old, seen], table[old, true], 1)
        error = np.abs(np.polyval(part, table[~old, seen]) - table[~old, true]).mean()
        guess = np.abs(table[~old, true] - table[old, true].mean()).mean()
        print(
            f"{name:6s} gain {gain[0]:.1f} offset {gain[1]:.1f}; held-out people: mean absolute "
            f"error {error:.1f} degrees, guessing the mean {guess:.1f}"
        )


if __name__ == "__main__":
    main()
