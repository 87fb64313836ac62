import pytest

pytestmark = pytest.mark.usefixtures("stub_kit")


@pytest.fixture
def result(run, media, tmp_path):
    run("analyze", media / "talk.mp4", "--out", tmp_path, "--format", "json")
    return tmp_path / "talk.mp4.json"


def test_formats_of_a_result_beside_it(run, result):
    code, lines, error = run("export", result, "--format", "srt,eaf")
    assert (code, error) == (0, "")
    assert lines == [str(result.with_suffix(ending)) for ending in (".srt", ".eaf")]
    assert "I am so happy." in result.with_suffix(".srt").read_text("utf-8")


def test_another_folder(run, result, tmp_path):
    code, lines, _ = run("export", result, "--format", "vtt", "--out", tmp_path / "new")
    assert code == 0
    assert lines == [str(tmp_path / "new/talk.mp4.vtt")]
    assert (tmp_path / "new/talk.mp4.vtt").exists()


def test_the_same_as_analyze_writes(run, media, result, tmp_path):
    run("export", result, "--format", "vtt,textgrid")
    run("analyze", media / "talk.mp4", "--out", tmp_path / "b", "--format", "vtt,textgrid")
    for ending in (".vtt", ".TextGrid"):
        assert (
            result.with_suffix(ending).read_bytes()
            == (tmp_path / f"b/talk.mp4{ending}").read_bytes()
        )


def test_a_still_has_no_times(run, media, tmp_path):
    code, _, error = run("analyze", media / "still.png", "--out", tmp_path, "--format", "json,srt")
    assert code == 0
    assert "srt is left out" in error
    code, _, error = run("export", tmp_path / "still.png.json", "--format", "srt")
    assert code == 3
    assert "no times" in error


def test_a_format_that_is_none(run, result):
    code, _, error = run("export", result, "--format", "sub")
    assert code == 2
    assert "'sub'" in error
