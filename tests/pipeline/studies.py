"""Made results of analyze, and tables of participants, for the tests of studies."""

import json

import numpy as np

from openaffect.types import Analysis, Timeline, scheme

LABELS = scheme("primary8").labels


def rows_of(*stretches, every=0.5):
    """stretches: (subject, start, end, label, abstain); rows of ``every`` seconds."""
    return [
        (subject, start + n * every, start + (n + 1) * every, label, abstain)
        for subject, start, end, label, abstain in stretches
        for n in range(round((end - start) / every))
    ]


def analysis(source, rows, affect=None, stream="face"):
    """A recording whose best label has 0.8 and the others 0.2 / 7; affect: (N, 2)."""
    scores = np.full((len(rows), 8), 0.2 / 7)
    for row, (_, _, _, label, _) in enumerate(rows):
        scores[row, LABELS.index(label)] = 0.8
    span = [row[1:3] for row in rows]
    extra = {"abstain": np.array([row[4] for row in rows], dtype=bool)}
    if stream == "face":
        extra["subject"] = np.array([row[0] for row in rows], dtype=int)
    lines = {f"{stream}.emotion": Timeline(scheme("primary8"), scores, span, extra=extra)}
    if affect is not None:
        values = Timeline(scheme("valence-arousal"), affect, span, extra=extra)
        lines[f"{stream}.affect"] = values
    return Analysis(source, timelines=lines)


def write(folder, made):
    """Write analyses under the names that ``analyze`` gives them."""
    folder.mkdir(exist_ok=True)
    for one in made:
        name = one.source.rpartition("/")[2]
        (folder / f"{name}.json").write_text(json.dumps(one.to_dict()), "utf-8")
    return folder


def table(path, *lines):
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def made_set(folder):
    """Two participants a condition, a recording each, ten seconds, shares known by hand.

    Happiness: calm a 0.2 and b 0.4; merry c 0.5 and d 1.0, the rest neutral; d abstains half the
    time. Valence is 0.1 in calm, 0.5 in merry; arousal 0.
    """
    shares = {"a": 2, "b": 4, "c": 5}
    made = []
    for name, seconds in shares.items():
        rows = rows_of((0, 0, seconds, "happiness", 0), (0, seconds, 10, "neutral", 0))
        valence = 0.5 if name == "c" else 0.1
        made.append(analysis(f"in/{name}.mp4", rows, [[valence, 0.0]] * len(rows)))
    rows = rows_of((0, 0, 5, "happiness", 0), (0, 5, 10, "anger", 1))
    values = [[0.5, 0.0]] * 10 + [[-1.0, 1.0]] * 10
    made.append(analysis("in/d.mp4", rows, values))
    write(folder / "results", made)
    table(
        folder / "participants.csv",
        "file,participant,condition,age",
        "a.mp4,p1,calm,30",
        "b.mp4,p2,calm,31",
        "c.mp4,p3,merry,32",
        "d.mp4,p4,merry,33",
    )
    return folder
