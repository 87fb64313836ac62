import pytest

from benchmark import made

pytest.importorskip("pandas", reason="pandas is not installed (extra: tables)")


def test_list_names_protocols_and_models(run):
    code, lines, _ = run("benchmark", "list")
    assert code == 0
    first = [line.split("\t")[0] for line in lines]
    assert {"protocol", "emodb", "brighter-eng", "model", "majority", "fer", "face-emotion"} <= set(
        first
    )


def test_list_published_prints_the_survey(run):
    code, lines, _ = run("benchmark", "list", "published")
    assert code == 0
    assert len(lines) == 1 + 106
    assert any("90.01" in line and "Clstm" in line for line in lines)


def test_run_then_leaderboard(run, tmp_path):
    made.emobank(tmp_path)
    out = tmp_path / "out"
    arguments = ("--data", tmp_path, "--dataset", "emobank", "--model", "majority", "--out", out)
    code, lines, _ = run("benchmark", "run", *arguments, "--limit", "20", "--quiet")
    assert code == 0
    assert lines[0].split("\t")[:2] == ["emobank", "majority"]
    code, lines, _ = run("benchmark", "leaderboard", out)
    assert code == 0
    assert lines == [str(out / "leaderboard.html"), str(out / "leaderboard.md")]
    assert "trial on 20 rows" in (out / "leaderboard.md").read_text("utf-8")


def test_missing_data_is_told(run, tmp_path):
    code, lines, error = run(
        "benchmark", "run", "--data", tmp_path, "--dataset", "emodb", "--model", "majority",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert (code, lines) == (3, [])
    assert "emodb not run" in error


def test_an_unknown_name_is_told(run, tmp_path):
    code, _, error = run("benchmark", "run", "--data", tmp_path, "--dataset", "emodbb")
    assert code == 3
    assert "did you mean 'emodb'" in error
    code, _, error = run("benchmark", "leaderboard", tmp_path)
    assert code == 3
    assert "results.jsonl" in error


@pytest.mark.parametrize("steps", ["0", "0,.5", "0,.5,.5,1", "0,1,.5", "a,1", ""])
def test_steps_run_from_nothing_to_full(run, steps):
    code, _, error = run("benchmark", "text-generation", "--intensities", steps)
    assert code == 2
    assert "rising steps from 0 to 1" in error
