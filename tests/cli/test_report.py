import pytest

pytestmark = pytest.mark.usefixtures("stub_kit")


@pytest.fixture
def result(run, media, tmp_path):
    run("analyze", media / "talk.mp4", "--out", tmp_path, "--format", "json")
    return tmp_path / "talk.mp4.json"


def test_a_page_beside_the_result(run, result):
    code, lines, error = run("report", result)
    page = result.with_suffix(".html")
    assert (code, error, lines) == (0, "", [str(page)])
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_an_input_that_has_gone_leaves_out_the_player(run, result, tmp_path):
    code, _, error = run(
        "report", result, "--media", tmp_path / "gone.mp4", "--out", tmp_path / "x"
    )
    assert code == 0
    assert "no player" in error
    assert (tmp_path / "x").exists()


def test_a_result_that_is_not_there(run, tmp_path):
    code, _, error = run("report", tmp_path / "none.json")
    assert code == 3
    assert "none.json" in error


def test_analyze_makes_pages_and_makes_them_again(run, media, tmp_path):
    order = ("analyze", media / "talk.mp4", media / "still.png", "--out", tmp_path, "--report")
    assert run(*order, "--jobs", "2")[0] == 0
    pages = {path.name for path in tmp_path.glob("*.html")}
    assert pages == {"talk.mp4.html", "still.png.html"}
    (tmp_path / "talk.mp4.html").unlink()
    assert run(*order, "--resume")[0] == 0
    assert (tmp_path / "talk.mp4.html").exists()


def test_pages_need_a_folder(run, media):
    code, _, error = run("analyze", media / "still.png", "--report")
    assert code == 2
    assert "--report" in error
