import csv

import pytest

from pipeline.studies import analysis, made_set, rows_of, write


@pytest.fixture
def made(tmp_path):
    return made_set(tmp_path)


def call(run, made, *more):
    return run("study", made / "results", "--participants", made / "participants.csv", *more)


def test_tables_pictures_and_lines(run, made):
    code, lines, error = call(run, made)
    assert (code, error) == (0, "")
    assert any(line.startswith("calm\thappiness\t2\t2\t0.300\t0.200\t0.400") for line in lines)
    for name in ("long", "summary", "wide", "left-out", "groups"):
        assert (made / f"results/study/{name}.csv").stat().st_size
    assert any(line.startswith("R: ") for line in lines)
    assert any("statsmodels" in line for line in lines)


def test_pictures(run, made):
    pytest.importorskip("matplotlib")
    assert call(run, made, "--out", made / "out")[0] == 0
    for name in ("shares", "affect"):
        assert (made / f"out/{name}.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_left_out_is_said(run, made):
    write(made / "results", [analysis("z.mp4", rows_of((0, 0, 1, "fear", 0)))])
    code, _, error = call(run, made, "--out", made / "out")
    assert code == 1
    assert "result without a row: z.mp4" in error
    (row,) = csv.DictReader((made / "out/left-out.csv").open(encoding="utf-8"))
    assert row["file"] == "z.mp4"


def test_a_second_run_reads_what_the_first_wrote_for_no_result(run, made):
    assert call(run, made)[0] == 0
    assert call(run, made)[0] == 0


def test_without_matplotlib_the_tables_are_there(run, made, monkeypatch):
    from openaffect.types import MissingDependencyError

    def none(*_):
        raise MissingDependencyError("matplotlib is not installed")

    monkeypatch.setattr("openaffect.report.study.study_pictures", none)
    code, lines, error = call(run, made)
    assert code == 1
    assert "no pictures" in error
    assert (made / "results/study/groups.csv").exists()
    assert any("groups.csv" in line for line in lines)


def test_a_column_that_is_not_there(run, made):
    code, _, error = call(run, made, "--by", "agee")
    assert code == 3
    assert "did you mean 'age'" in error


def test_results_as_analyze_writes_them(run, media, tmp_path, stub_kit):
    run("analyze", media / "talk.mp4", media / "note.txt", "--out", tmp_path, "--format", "json")
    lines = ["file,participant,condition", "talk.mp4,p1,a", "note.txt,p2,b"]
    (tmp_path / "p.csv").write_text("\n".join(lines) + "\n", "utf-8")
    code, _, error = run("study", tmp_path, "--participants", tmp_path / "p.csv")
    assert code == 0
    assert "1 of 2 recordings have no face.emotion: note.txt" in error
    rows = list(csv.DictReader((tmp_path / "study/wide.csv").open(encoding="utf-8")))
    assert {row["participant"] for row in rows} == {"p1", "p2"}
