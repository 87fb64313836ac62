import csv
import json
import math

import numpy as np
import pytest

from openaffect.pipeline.study import read_study
from openaffect.pipeline.study_groups import figures, paths
from openaffect.pipeline.study_models import model_lines
from openaffect.pipeline.study_tables import long_rows, summary_rows, wide_rows, write_tables
from openaffect.types import (
    InvalidValueError,
    MediaError,
    SourceNotFoundError,
    UnknownNameError,
)

from .studies import analysis, made_set, rows_of, table, write


@pytest.fixture
def made(tmp_path):
    return made_set(tmp_path)


def read(folder, **options):
    return read_study(folder / "results", folder / "participants.csv", **options)


def by_file(rows):
    return {row["file"]: row for row in rows}


def test_shares_and_means_by_hand(made):
    rows = by_file(summary_rows(read(made)))
    happy = {name: row["share_happiness"] for name, row in rows.items()}
    assert happy == pytest.approx({"a.mp4": 0.2, "b.mp4": 0.4, "c.mp4": 0.5, "d.mp4": 1.0})
    assert rows["a.mp4"]["share_neutral"] == pytest.approx(0.8)
    assert rows["a.mp4"] | {"age": "30", "condition": "calm", "participant": "p1"} == rows["a.mp4"]
    assert [row["unsure"] for row in rows.values()] == pytest.approx([0, 0, 0, 0.5])
    assert [row["valence"] for row in rows.values()] == pytest.approx([0.1, 0.1, 0.5, 0.5])
    assert rows["d.mp4"]["arousal"] == pytest.approx(0)


def test_shares_are_those_of_the_summary_of_people(made):
    from openaffect.pipeline.people_summary import summaries
    from openaffect.pipeline.study_results import read_analysis

    rows = by_file(summary_rows(read(made)))
    for name, row in rows.items():
        (one,) = summaries(read_analysis(made / f"results/{name}.json"))
        assert {
            f"share_{label}": share for label, share in one.share.items()
        }.items() <= row.items()


def test_long_table_by_hand(made):
    rows = list(long_rows(read(made, every=4)))
    assert len(rows) == 4 * 3 * (8 + 2)
    a = [r for r in rows if r["file"] == "a.mp4" and r["label"] == "happiness"]
    assert [(r["start"], r["end"], r["seconds"]) for r in a] == [(0, 4, 4), (4, 8, 4), (8, 12, 2)]
    low = 0.2 / 7
    assert [r["value"] for r in a] == pytest.approx([(0.8 + low) / 2, low, low])
    d = [r for r in rows if r["file"] == "d.mp4" and r["label"] == "valence"]
    assert [r["unsure"] for r in d] == pytest.approx([0, 0.75, 1])
    assert [r["value"] for r in d[:2]] == pytest.approx([0.5, 0.5])
    assert math.isnan(d[2]["value"])


def test_a_row_that_lies_in_two_windows_counts_in_both_for_as_long_as_it_does(tmp_path):
    rows = [(0, 0, 3, "anger", 0), (0, 3, 4, "fear", 0)]
    write(tmp_path / "results", [analysis("x.mp4", rows)])
    table(tmp_path / "participants.csv", "file,participant", "x.mp4,p")
    found = [r for r in long_rows(read(tmp_path, every=2)) if r["label"] == "anger"]
    assert [r["seconds"] for r in found] == [2, 2]
    assert [r["value"] for r in found] == pytest.approx([0.8, (0.8 + 0.2 / 7) / 2])


def test_wide_table_has_a_row_a_window_and_the_participant(made):
    rows = list(wide_rows(read(made, every=5)))
    assert [(r["participant"], r["start"]) for r in rows[:3]] == [("p1", 0), ("p1", 5), ("p2", 0)]
    assert rows[0]["face_emotion_happiness"] == pytest.approx(0.4 * 0.8 + 0.6 * 0.2 / 7)
    assert rows[0]["face_affect_valence"] == pytest.approx(0.1)
    assert len(rows) == 8


def test_group_means_and_intervals_by_hand(made):
    """Of two participants x and y the resampled mean is x, (x + y) / 2 or y with 1/4, 1/2, 1/4."""
    found = {(one.group, one.name): one for one in figures(read(made))}
    calm, merry = found["calm", "happiness"], found["merry", "happiness"]
    assert (calm.participants, calm.recordings) == (2, 2)
    assert (calm.mean, calm.low, calm.high) == pytest.approx((0.3, 0.2, 0.4))
    assert (merry.mean, merry.low, merry.high) == pytest.approx((0.75, 0.5, 1.0))
    assert found["merry", "unsure"].mean == pytest.approx(0.25)
    assert found["merry", "valence"].mean == pytest.approx(0.5)


def test_intervals_agree_with_scipy(tmp_path):
    stats = pytest.importorskip("scipy.stats")
    seconds = [1, 3, 4, 4, 6, 7, 9, 9, 10, 2, 5, 8]
    made = [
        analysis(f"{n}.mp4", rows_of((0, 0, s, "fear", 0), (0, s, 10, "anger", 0)))
        for n, s in enumerate(seconds)
    ]
    write(tmp_path / "results", made)
    names = [f"{n}.mp4,p{n}" for n in range(len(seconds))]
    table(tmp_path / "participants.csv", "file,participant", *names)
    (fear,) = [one for one in figures(read(tmp_path), resamples=20_000) if one.name == "fear"]
    other = stats.bootstrap(
        (np.asarray(seconds) / 10,), np.mean, n_resamples=20_000, method="percentile", rng=5
    ).confidence_interval
    assert fear.mean == pytest.approx(np.mean(seconds) / 10)
    assert (fear.low, fear.high) == pytest.approx((other.low, other.high), abs=0.01)


def test_participants_count_alike_however_many_recordings_they_have(tmp_path):
    made = [
        analysis(f"{name}.mp4", rows_of((0, 0, 4, label, 0)))
        for name, label in (("a", "joy"), ("b", "joy"), ("c", "joy"), ("d", "fear"))
        for label in ["happiness" if label == "joy" else label]
    ]
    write(tmp_path / "results", made)
    lines = ["a.mp4,p1", "b.mp4,p1", "c.mp4,p1", "d.mp4,p2"]
    table(tmp_path / "participants.csv", "file,participant", *lines)
    found = {one.name: one for one in figures(read(tmp_path))}
    assert found["happiness"].mean == pytest.approx(0.5)
    assert (found["happiness"].participants, found["happiness"].recordings) == (2, 4)


def test_one_participant_has_no_interval_and_nothing_is_no_zero(tmp_path):
    write(tmp_path / "results", [analysis("a.mp4", rows_of((0, 0, 4, "fear", 1)))])
    table(tmp_path / "participants.csv", "file,participant", "a.mp4,p1")
    found = {one.name: one for one in figures(read(tmp_path))}
    assert (found["unsure"].mean, found["unsure"].participants) == (1, 1)
    assert math.isnan(found["unsure"].low)
    assert math.isnan(found["fear"].mean)
    assert found["fear"].participants == 0


def test_course_of_a_group_is_the_mean_of_its_participants(made):
    course = paths(read(made, every=5))
    assert course["calm"].time.tolist() == [2.5, 7.5]
    assert course["merry"].participants.tolist() == [2, 1]
    assert course["merry"].values[:, 0] == pytest.approx([0.5, 0.5])


def test_who_is_longest_on_screen_is_meant_unless_the_table_says_who(tmp_path):
    rows = rows_of((0, 0, 2, "fear", 0), (3, 0, 4, "anger", 0))
    write(tmp_path / "results", [analysis("x.mp4", rows)])
    table(tmp_path / "participants.csv", "file,participant", "x.mp4,p")
    study = read(tmp_path)
    (row,) = summary_rows(study)
    assert (row["subject"], row["people"], row["share_anger"]) == (3, 2, 1)
    assert "x.mp4" in study.notes()[0]
    counted = {(r["subject"], r["counted"]) for r in long_rows(study)}
    assert counted == {(0, 0), (3, 1)}
    table(tmp_path / "participants.csv", "file,participant,subject", "x.mp4,p,0")
    study = read(tmp_path)
    (row,) = summary_rows(study)
    assert (row["subject"], row["share_fear"], study.notes()) == (0, 1, [])
    table(tmp_path / "participants.csv", "file,participant,subject", "x.mp4,p,7")
    with pytest.raises(InvalidValueError, match="subject '7' was not seen in it; it has 0, 3"):
        read(tmp_path)


def test_voices_have_shares_too(tmp_path):
    rows = rows_of((0, 0, 3, "fear", 0), (0, 3, 4, "anger", 0))
    write(tmp_path / "results", [analysis("x.wav", rows, stream="speech")])
    table(tmp_path / "participants.csv", "file,participant", "x.wav,p")
    study = read(tmp_path)
    (row,) = summary_rows(study)
    assert (study.stream, row["share_fear"], row["subject"]) == ("speech.emotion", 0.75, "")
    with pytest.raises(UnknownNameError, match=r"did you mean 'speech\.emotion'"):
        read(tmp_path, stream="speach.emotion")


def test_what_has_no_partner_is_told(made):
    (made / "results/odd.json").write_text("[" * 100_000, "utf-8")
    write(made / "results", [analysis("in/extra.mp4", rows_of((0, 0, 1, "fear", 0)))])
    with (made / "participants.csv").open("a") as file:
        file.write("e.mp4,p5,calm,1\nodd,p6,calm,1\nextra.mp4,,calm,1\n")
    study = read(made)
    told = {one.file: (one.what, one.why) for one in study.left_out}
    assert told["e.mp4"][0] == "row without a result"
    assert "did you mean '" in told["e.mp4"][1]
    assert "no result of `openaffect analyze" in told["odd"][1]
    assert "'participant' is empty" in told["extra.mp4"][1]
    assert len(study.recordings) == 4
    path = made / "out/left-out.csv"
    assert path in write_tables(study, made / "out")
    assert len(list(csv.DictReader(path.open(encoding="utf-8")))) == len(told) == 3


def test_a_result_without_a_row_is_told(made):
    table(made / "participants.csv", "file,participant", "a.mp4,p1", "b.mp4.json,p2", "in/c.mp4,p3")
    study = read(made)
    assert [one.file for one in study.recordings] == ["a.mp4", "b.mp4.json", "in/c.mp4"]
    assert [(one.file, one.what) for one in study.left_out] == [("d.mp4", "result without a row")]


def test_a_file_of_the_same_name_elsewhere_is_another(made):
    table(made / "participants.csv", "file,participant", "a.mp4,p1", "b.mp4,p2", "day2/c.mp4,p3")
    study = read(made)
    assert [one.file for one in study.recordings] == ["a.mp4", "b.mp4"]
    told = {one.file: one.why for one in study.left_out}
    assert "c.mp4.json is of in/c.mp4" in told["day2/c.mp4"]


def manifest(folder, *records):
    lines = [
        json.dumps({"key": str(n), "source": source, "status": status, "files": files, **more})
        for n, (source, status, files, more) in enumerate(records)
    ]
    (folder / "results/manifest.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def test_the_manifest_tells_files_of_one_name_apart(tmp_path):
    write(tmp_path / "results", [])
    for number, label in enumerate(("fear", "anger")):
        made = analysis(f"{number}/x.mp4", rows_of((0, 0, 2, label, 0)))
        path = tmp_path / f"results/x.mp4-{number}.json"
        path.write_text(json.dumps(made.to_dict()), "utf-8")
    manifest(
        tmp_path,
        ("day/0/x.mp4", "done", ["x.mp4-0.json"], {}),
        ("day/1/x.mp4", "done", ["x.mp4-1.json"], {}),
        ("day/bad.mp4", "failed", [], {"error": "it is empty"}),
    )
    lines = ["0/x.mp4,p1", "1\\x.mp4,p2", "x.mp4,p3", "bad.mp4,p4"]
    table(tmp_path / "participants.csv", "file,participant", *lines)
    study = read(tmp_path)
    rows = by_file(summary_rows(study))
    assert (rows["0/x.mp4"]["share_fear"], rows["1\\x.mp4"]["share_anger"]) == (1, 1)
    told = {one.file: one.why for one in study.left_out}
    assert "2 results are called so" in told["x.mp4"]
    assert told["bad.mp4"] == "it failed: it is empty"


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"key": 1}',
        '{"key": "k", "source": "a.mp4", "status": "done", "files": 5}',
        '{"key": "k", "source": ["a.mp4"], "status": "done", "files": [5, null]}',
        '{"key": "k", "source": "x", "status": "done", "files": ["../participants.json"]}',
    ],
)
def test_a_damaged_manifest_costs_no_result(made, line):
    (made / "results/manifest.jsonl").write_text(line + "\n", "utf-8")
    assert len(read(made).recordings) == 4


def test_two_rows_of_one_recording_are_refused(made):
    table(made / "participants.csv", "file,participant", "a.mp4,p1", "in/a.mp4,p2")
    with pytest.raises(InvalidValueError, match=r"rows 1 and 2 are both of a\.mp4"):
        read(made)


@pytest.mark.parametrize(
    ("lines", "error", "told"),
    [
        (["file,participants", "a.mp4,p"], UnknownNameError, "did you mean 'participants'"),
        (["fil,participant", "a.mp4,p"], UnknownNameError, "did you mean 'fil'"),
        (["file,participant,value", "a.mp4,p,1"], InvalidValueError, "'value'"),
        (["file,participant,file", "a.mp4,p,b"], MediaError, "two columns are called 'file'"),
        (["file,participant"], MediaError, "no rows"),
        (["file,participant", "a.mp4"], MediaError, "another number of cells"),
        (["file,participant", ","], MediaError, "no rows"),
        (["file,participant,x", "a.mp4,p," + "x" * 1001], MediaError, "1001 characters under 'x'"),
        (
            ["file,participant," + ",".join(f"c{n}" for n in range(500)), "a,p" + "," * 500],
            MediaError,
            "502 columns",
        ),
        (["file,participant", "nothing.mp4,p"], InvalidValueError, "no row of"),
        (["file,participant", '"a.mp4,p'], MediaError, "cannot be read"),
    ],
)
def test_tables_that_cannot_be_joined(made, lines, error, told):
    table(made / "participants.csv", *lines)
    with pytest.raises(error, match=told):
        read(made)


def test_a_table_beyond_the_bounds(made):
    with (made / "participants.csv").open("ab") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    with pytest.raises(MediaError, match="bytes at most"):
        read(made)


def test_a_column_that_the_study_makes(made):
    lines = ["file,participant,share_fear", "a.mp4,p1,3"]
    table(made / "participants.csv", *lines)
    with pytest.raises(InvalidValueError, match="share_fear"):
        write_tables(read(made), made / "out")


def test_names_that_are_not_there(made):
    with pytest.raises(UnknownNameError, match="did you mean 'condition'"):
        read(made, by="conditon")
    with pytest.raises(SourceNotFoundError, match="did you mean 'results'"):
        read_study(made / "result", made / "participants.csv")
    (made / "empty").mkdir()
    with pytest.raises(InvalidValueError, match="holds no result"):
        read_study(made / "empty", made / "participants.csv")


def test_groups_that_are_none_or_too_many(made):
    table(made / "participants.csv", "file,participant,condition", "a.mp4,p1,", "b.mp4,p2,")
    with pytest.raises(InvalidValueError, match="'condition' is empty in every row"):
        read(made)
    rows = rows_of((0, 0, 1, "fear", 0))
    write(made / "results", [analysis(f"n{n}.mp4", rows) for n in range(9)])
    lines = [f"n{n}.mp4,p{n},{n}" for n in range(9)]
    table(made / "participants.csv", "file,participant,condition", *lines)
    with pytest.raises(InvalidValueError, match="'condition' has 9 values"):
        read(made)


@pytest.mark.parametrize("every", [0, -1, math.nan, 1e-9])
def test_windows_that_are_none(made, every):
    with pytest.raises(InvalidValueError, match="windows"):
        read(made, every=every)


def test_models_have_the_participant_as_grouping_factor(made):
    lines = model_lines(read(made), made / "out")
    assert [line.partition(":")[0] for line in lines] == ["R", "Python"] * 2
    assert "lm(valence ~ factor(condition), data = " in lines[0]
    assert "(1 | participant)" in lines[2]
    table(
        made / "participants.csv",
        "file,participant,my group",
        "a.mp4,p1,x",
        "b.mp4,p1,y",
        "c.mp4,p2,x",
    )
    lines = model_lines(read(made, by="my group"), made / "out")
    assert "lme4::lmer(valence ~ factor(`my group`) + (1 | participant), data" in lines[0]
    assert "valence ~ C(Q('my group'))" in lines[1]
    assert "(1 | participant/file)" in lines[2]


def test_python_lines_are_python(made):
    for line in model_lines(read(made), made / "out"):
        if line.startswith("Python: "):
            compile(line.removeprefix("Python: "), "line", "eval")
