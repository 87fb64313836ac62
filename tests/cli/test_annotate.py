import pytest

pytestmark = pytest.mark.usefixtures("stub_kit")


def test_a_video_beside_its_result(run, media, tmp_path):
    run("analyze", media / "talk.mp4", "--out", tmp_path, "--format", "json")
    code, lines, error = run("annotate", tmp_path / "talk.mp4.json")
    assert (code, error) == (0, "")
    assert lines == [str(tmp_path / "talk.mp4.annotated.mp4")]
    assert (tmp_path / "talk.mp4.annotated.mp4").stat().st_size > 1000


def test_another_name_and_no_face(run, media, tmp_path):
    run("analyze", media / "talk.mp4", "--out", tmp_path, "--format", "json")
    result, target = tmp_path / "talk.mp4.json", tmp_path / "shown.mkv"
    code, lines, _ = run("annotate", result, "--out", target, "--anonymize")
    assert (code, lines) == (0, [str(target)])
    code, _, error = run("annotate", result, "--media", tmp_path / "gone.mp4")
    assert code == 3
    assert "gone.mp4" in error


def test_with_the_analysis(run, media, tmp_path):
    code, lines, error = run(
        "analyze", media / "talk.mp4", media / "still.png", media / "note.txt",
        "--out", tmp_path, "--annotate",
    )  # fmt: skip
    assert code == 0
    assert (tmp_path / "talk.mp4.annotated.mp4").exists()
    assert (tmp_path / "still.png.annotated.png").exists()
    assert "no pictures" in error
    assert any("talk.mp4.annotated.mp4" in line for line in lines)


def test_it_needs_a_folder(run, media):
    assert run("analyze", media / "talk.mp4", "--annotate")[0] == 2
