"""Every kind of plot through the command; the models are a line of arithmetic."""

import json

import numpy as np
import pytest

from openaffect.report.picture import plot, plot_kinds
from openaffect.report.plots._plot import Wanted
from openaffect.types import Analysis, InvalidValueError, Timeline, UnknownNameError
from openaffect.types.schemes import PRIMARY8, VALENCE_AROUSAL

pytest.importorskip("matplotlib")
KINDS = ("affect", "radar", "saliency", "spectrogram", "words")


@pytest.fixture
def result(run, media, tmp_path, stub_kit):
    run("analyze", media / "talk.mp4", "--out", tmp_path, "--format", "json")
    return tmp_path / "talk.mp4.json"


def test_every_file_of_the_folder_is_a_kind():
    assert set(plot_kinds()) == {"timeline", "confusion", *KINDS}
    with pytest.raises(UnknownNameError, match="radar"):
        plot("rader", Wanted(Analysis("a.mp4")), "a.png")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_kinds_of_a_video(run, result, tmp_path, kind, suffix):
    if kind == "spectrogram":
        pytest.importorskip("scipy")
    target = tmp_path / f"x.{suffix}"
    code, lines, error = run("plot", result, "--kind", kind, "--out", target)
    assert (code, lines, error) == (0, [str(target)], "")
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert target.read_bytes().startswith(begins)


def test_the_name_beside_the_result_holds_the_kind(run, result):
    assert run("plot", result, "--kind", "radar")[1] == [str(result.with_suffix(".radar.png"))]


def test_a_moment_and_a_person(run, result):
    code, _, error = run("plot", result, "--kind", "saliency", "--at", 1.0, "--subject", 0)
    assert (code, error) == (0, "")
    code, _, error = run("plot", result, "--kind", "saliency", "--subject", 7)
    assert code == 3
    assert "person 7" in error
    code, _, error = run("plot", result, "--kind", "spectrogram", "--at", 99)
    assert code == 3
    assert "second 99" in error


def test_another_label(run, result):
    assert run("plot", result, "--kind", "saliency", "--label", "anger")[0] == 0
    code, _, error = run("plot", result, "--kind", "saliency", "--label", "hapiness")
    assert code == 3
    assert "happiness" in error


def test_a_model_that_is_missing_is_named(run, result, stub_kit):
    stub_kit.missing = ("faces", "voice", "words")
    for kind, name in (("saliency", "mesh"), ("spectrogram", "vad"), ("words", "text.emotion")):
        code, _, error = run("plot", result, "--kind", kind)
        assert code == 3
        assert name in error


def test_a_result_that_another_model_made_is_noticed(run, result, stub_kit):
    stub_kit.emotion.rule = lambda crop: [0.9] + [0.1 / 7] * 7
    code, _, error = run("plot", result, "--kind", "saliency")
    assert code == 0
    assert "says anger now, the result says happiness" in error


def test_confusion(run, tmp_path):
    for name, labels in (("t", "aabbc"), ("m", "abbbc")):
        rows = "".join(f"{n},{label}\n" for n, label in enumerate(labels))
        (tmp_path / f"{name}.csv").write_text(f"id,label\n{rows}", "utf-8")
    found = tmp_path / "found.json"
    run("evaluate", "table", tmp_path / "t.csv", tmp_path / "m.csv", "--out", found)
    assert run("plot", found, "--kind", "confusion")[0] == 0
    assert found.with_suffix(".confusion.png").exists()
    data = json.loads(found.read_text("utf-8")) | {"confusion": [], "labels": []}
    found.write_text(json.dumps(data), "utf-8")
    code, _, error = run("plot", found, "--kind", "confusion")
    assert code == 3
    assert "no confusion matrix" in error


def test_what_a_kind_needs_is_named(run, media, tmp_path, stub_kit):
    run("analyze", media / "note.txt", "--out", tmp_path, "--format", "json")
    note = tmp_path / "note.txt.json"
    for kind in ("saliency", "spectrogram", "confusion"):
        code, _, error = run("plot", note, "--kind", kind)
        assert code == 3
        assert "kind" in error
    assert run("plot", note, "--kind", "words")[0] == 0


def test_no_face_is_to_be_seen(tmp_path, monkeypatch):
    """With anonymize the picture of the face is nowhere in the figure, only the map."""
    from openaffect.report.plots import saliency

    face = np.full((30, 30, 3), 77, np.uint8)
    see = lambda batch: Timeline(  # noqa: E731
        PRIMARY8, np.full((len(batch), 8), 1 / 8), np.zeros((len(batch), 2)), unit="whole"
    )
    monkeypatch.setattr(saliency, "_crop", lambda *what: (face, see))
    line = Timeline(
        PRIMARY8, [[1.0] + [0.0] * 7], [(0, 1)], extra={"box": [[0, 0, 9, 9]], "subject": [0]}
    )
    found = Analysis("a.mp4", {"modality": "video"}, {"face.emotion": line})
    for hidden in (False, True):
        figure = saliency.draw(Wanted(found, anonymize=hidden))
        shown = [image.get_array().shape for axes in figure.axes for image in axes.images]
        assert ((30, 30, 3) in shown) is not hidden
        assert len(shown) == (1 if hidden else 3)


def test_many_people_are_counted_and_abstentions_left_out():
    from openaffect.report.plots import affect, radar

    who = np.arange(9)
    affects = Timeline(
        VALENCE_AROUSAL, np.full((9, 2), 0.5), [(n, n + 1) for n in range(9)],
        extra={"subject": who, "abstain": who == 8},
    )  # fmt: skip
    found = Analysis("a.mp4", {}, {"face.affect": affects})
    figure = affect.draw(Wanted(found))
    assert len(figure.axes) == 6
    assert any("2 more" in text.get_text() for text in figure.texts)
    with pytest.raises(InvalidValueError, match="averaged"):
        radar.draw(Wanted(found))


def test_outlines_that_lie_on_each_other_are_all_seen():
    from openaffect.report.plots import radar

    line = Timeline(PRIMARY8, [[1.0] + [0.0] * 7], [(0, 1)])
    figure = radar.draw(
        Wanted(Analysis("a.mp4", {}, {"face.emotion": line, "fused.emotion": line}))
    )
    below, above = (drawn.get_linewidth() for drawn in figure.axes[0].lines)
    assert below > above
