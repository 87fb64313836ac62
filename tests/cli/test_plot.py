import pytest

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.usefixtures("stub_kit")


@pytest.fixture
def result(run, media, tmp_path):
    run("analyze", media / "still.png", "--out", tmp_path, "--format", "json")
    return tmp_path / "still.png.json"


def test_a_picture_beside_the_result(run, result):
    code, lines, error = run("plot", result)
    assert (code, error) == (0, "")
    assert lines == [str(result.with_suffix(".png"))]
    assert result.with_suffix(".png").exists()


def test_another_place(run, result, tmp_path):
    assert run("plot", result, "--out", tmp_path / "x.pdf")[0] == 0
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_an_input_that_has_gone_leaves_out_the_frames(run, result, tmp_path):
    code, _, error = run("plot", result, "--media", tmp_path / "gone.png")
    assert code == 0
    assert "no frames" in error


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other/9"}'])
def test_a_file_that_is_no_result(run, tmp_path, text):
    path = tmp_path / "odd.json"
    path.write_text(text, "utf-8")
    code, _, error = run("plot", path)
    assert code == 3
    assert "odd.json" in error


def test_a_result_that_is_not_there(run, tmp_path):
    code, _, error = run("plot", tmp_path / "none.json")
    assert code == 3
    assert "none.json" in error
