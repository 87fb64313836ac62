"""The page as a file: what is in it, how large it is, and what is not in it."""

import base64
import hashlib
import json
import re
from importlib import resources

import numpy as np
import pytest

from openaffect.report import html_media
from openaffect.report.html import SCRIPTS, STYLES, html_report, inert, static
from openaffect.report.html_arrays import Pool, quantized, ranges
from openaffect.report.html_facts import coverage, duration, facts, title
from openaffect.types import Analysis, OutputError, SourceNotFoundError, Timeline, Unit
from openaffect.types.schemes import ARKIT52, PRIMARY8, PROSODY, VALENCE_AROUSAL
from pipeline.conftest import picture, speech, write_video

UPLOT = "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"
"""SHA-256 of dist/uPlot.iife.min.js in the npm package uplot 1.6.32."""
UPLOT_STYLE = "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"
OURS = [name for name in SCRIPTS if not name.startswith("uPlot")]
VIDEO = {"modality": "video", "duration": 3600.0, "width": 160, "height": 120, "has_video": True}


def seconds(count, step=0.2):
    return np.stack([np.arange(count), np.arange(count) + 1], axis=1) * step


def data_of(path):
    text = path.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


def array_of(data, place):
    kind, text = data["arrays"][place]
    return np.frombuffer(base64.b64decode(text), f"<{kind}")


def hour(people=2):
    """An hour of some people seen five times a second, with whatever is measured on a face."""
    draw = np.random.default_rng(0)
    count = 18_000
    who = np.repeat(np.arange(people), count)
    span = np.tile(seconds(count), (people, 1))
    rows = people * count
    extra = {"subject": who, "box": draw.uniform(0, 640, (rows, 4)).astype(np.float32)}
    looked = [[0, 3600]]
    lines = {
        "face.emotion": Timeline(PRIMARY8, draw.dirichlet(np.ones(8), rows), span, extra=extra),
        "face.affect": Timeline(VALENCE_AROUSAL, draw.uniform(-1, 1, (rows, 2)), span, extra=extra),
        "face.blendshapes": Timeline(ARKIT52, draw.random((rows, 52)), span, extra=extra),
        "fused.emotion": Timeline(
            PRIMARY8, draw.dirichlet(np.ones(8), rows), span, extra={"subject": who}
        ),
        "speech.prosody": Timeline(PROSODY, draw.normal(size=(count, 7)), seconds(count)),
    }
    lines = {
        name: Timeline(x.scheme, x.scores, x.span, extra=x.extra, coverage=looked)
        for name, x in lines.items()
    }
    return Analysis("hour.mp4", VIDEO, lines)


def test_an_hour_stays_small(tmp_path):
    path = html_report(hour(), tmp_path / "hour.html")
    assert path.stat().st_size < 15e6
    data = data_of(path)
    face = next(lane for lane in data["lanes"] if lane["name"] == "face.emotion")
    assert face["count"] == face["measured"] == 18_000


def test_more_than_fits_is_averaged_and_said(tmp_path):
    data = data_of(html_report(hour(people=6), tmp_path / "hour.html"))
    faces = [lane for lane in data["lanes"] if lane["name"] == "face.emotion"]
    assert len(faces) == 6
    assert sum(lane["count"] for lane in faces) <= 72_000
    assert any("face.emotion" in note and "averaged" in note for note in data["notes"])
    assert (tmp_path / "hour.html").stat().st_size < 15e6


def test_numbers_survive_the_packing(tmp_path):
    truth = np.array([[-1.0, 1.0], [0.25, np.nan], [0.0, -0.5]], np.float32)
    lines = {"face.affect": Timeline(VALENCE_AROUSAL, truth, seconds(3))}
    data = data_of(html_report(Analysis("x.mp4", VIDEO, lines), tmp_path / "x.html"))
    lane = data["lanes"][0]
    steps = array_of(data, lane["scores"]).reshape(-1, 2).astype(float)
    back = np.where(steps == 65535, np.nan, -1 + 2 * steps / 65534)
    np.testing.assert_allclose(back, truth, atol=2e-5)
    assert array_of(data, lane["start"]).tolist() == [0, 200, 400]


@pytest.mark.parametrize(("kind", "most"), [("u1", 254), ("u2", 65534)])
def test_steps_by_hand(kind, most):
    values = np.array([[0.0, 10.0], [1.0, np.nan], [2.0, 30.0]])
    low, high = ranges(values, None, None)
    assert (low.tolist(), high.tolist()) == ([0, 10], [2, 30])
    steps = quantized(values, low, high, kind)
    assert steps.tolist() == [[0, 0], [most // 2, most + 1], [most, most]]


def test_equal_arrays_are_kept_once():
    pool = Pool()
    assert [pool.add([1, 2], "u4"), pool.add([1, 2], "u2"), pool.add([1, 2], "u4")] == [0, 1, 0]
    assert pool.to_list()[0] == ["u4", base64.b64encode(bytes([1, 0, 0, 0, 2, 0, 0, 0])).decode()]


@pytest.mark.parametrize(
    "text", ["</script>", "<!--", "]]>", "&amp;", "\u2028\u2029", "\ud800", "'\""]
)
def test_no_text_leaves_its_block(text):
    written = inert({text: [text]})
    assert written.isascii() and not set(written) & set("<>&")
    assert json.loads(written) == {text: [text]}


def test_policy_names_what_the_page_holds_and_nothing_else(tmp_path):
    text = html_report(Analysis("x.mp4", VIDEO), tmp_path / "x.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace(
        "&#x27;", "'"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        hashes = {
            "'sha256-" + base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() + "'"
            for b in blocks
        }
        assert hashes == set(rules[rule].split())
    assert "unsafe" not in policy and "*" not in policy


@pytest.mark.parametrize("name", OURS)
def test_our_scripts_build_no_html_and_run_no_text(name):
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "new Function", "fetch(", "XMLHttpRequest", "import("):  # fmt: skip
        assert word not in static(name)


def test_the_library_is_the_one_that_was_published():
    folder = resources.files("openaffect.report").joinpath("static")
    for name, digest in (("uPlot.iife.min.js", UPLOT), ("uPlot.min.css", UPLOT_STYLE)):
        assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest
    assert "Leon Sorokin" in static("uPlot-LICENSE.txt")
    assert {"uPlot.iife.min.js"} < set(SCRIPTS) and "uPlot.min.css" in STYLES


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "talk & #1.mp4"
    frames = [picture([(20, 30)]) for _ in range(20)]
    write_video(path, frames, sound=[speech(2, [(0.5, 1.5)])])
    return path


def seen(duration=2.0):
    face = Timeline(
        PRIMARY8, np.full((10, 8), 1 / 8), seconds(10),
        extra={"subject": np.zeros(10, int), "box": np.tile([[20.0, 30, 60, 80]], (10, 1))},
    )  # fmt: skip
    return Analysis("talk.mp4", {**VIDEO, "duration": duration}, {"face.emotion": face})


def test_a_small_recording_is_in_the_page(tmp_path, clip):
    text = html_report(seen(), tmp_path / "x.html", media=clip).read_text("utf-8")
    inside = re.search(r'<script type="text/plain" id="media">(.*?)</script>', text, re.DOTALL)[1]
    assert base64.b64decode(inside) == clip.read_bytes()


def test_a_large_one_is_linked(tmp_path, clip, monkeypatch):
    monkeypatch.setattr(html_media, "MOST_EMBEDDED", 100)
    text = html_report(seen(), tmp_path / "x.html", media=clip).read_text("utf-8")
    media = data_of(tmp_path / "x.html")["media"]
    assert media["how"] == "linked" and "too large" in media["note"]
    assert media["address"].endswith("/talk%20%26%20%231.mp4")
    assert "media-src blob: file:" in text
    assert 0 < len(media["frames"]) <= 40


def test_an_anonymised_video_is_never_in_the_page(tmp_path, clip):
    inside = base64.b64encode(clip.read_bytes())[:400]
    path = html_report(seen(), tmp_path / "x.html", media=clip, anonymize=True)
    assert inside not in path.read_bytes()
    data = data_of(path)
    assert data["media"]["how"] == "frames" and data["anonymize"]
    assert all(not peak["picture"] for person in data["people"] for peak in person["peaks"])


def decoded(address):
    import io

    from PIL import Image

    raw = base64.b64decode(address.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(raw)).convert("L")).astype(float)


@pytest.mark.parametrize("boxed", [True, False])
def test_an_anonymised_picture_shows_no_face(tmp_path, boxed):
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "still.png")
    face = Timeline(
        PRIMARY8, np.full((1, 8), 1 / 8), [[0, 0]], Unit.WHOLE, extra={"box": [[20, 30, 80, 90]]}
    )
    facts = {"modality": "image", "width": 160, "height": 120, "anonymize": True}
    analysis = Analysis("still.png", facts, {"face.emotion": face} if boxed else {})
    data = data_of(html_report(analysis, tmp_path / "x.html", media=tmp_path / "still.png"))
    if not boxed:
        assert data["media"]["how"] == "none" and "left out" in data["media"]["note"]
        return
    shown = decoded(data["media"]["frames"][0][1])
    assert shown[40:80, 30:70].std() < 0.5 * shown[95:, 100:].std()


def test_a_recording_that_has_gone(tmp_path):
    with pytest.raises(SourceNotFoundError, match="gone"):
        html_report(seen(), tmp_path / "x.html", media=tmp_path / "gone.mp4")


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        html_report(seen(), tmp_path / "file" / "x.html")


def test_the_folder_of_the_input_is_not_told(tmp_path):
    analysis = Analysis("/home/anna/secret/talk.mp4", VIDEO, seen().timelines)
    assert "anna" not in html_report(analysis, tmp_path / "x.html").read_text("utf-8")


def test_words_on_the_input():
    assert title(Analysis("What a day!", {"modality": "text"})) == "What a day!"
    assert [duration(x) for x in (9.68, 200, 3725)] == ["9.7 s", "3 min 20 s", "1 h 02 min"]
    assert facts(seen())[:3] == ["video", "2.0 s", "160 × 120 pixels"]
    assert coverage(Analysis("x", {"modality": "text"})) == ["Nothing was analysed."]


def test_people_come_first_and_then_voice_words_and_all_together(tmp_path):
    data = data_of(html_report(hour(), tmp_path / "x.html"))
    groups = list(dict.fromkeys(lane["group"] for lane in data["lanes"]))
    assert groups == ["person 0", "person 1", "voice"]


def test_a_timeline_of_any_name_gets_a_lane(tmp_path):
    lines = {"hand.wave": Timeline(PRIMARY8, np.full((2, 8), 1 / 8), seconds(2))}
    lane = data_of(html_report(Analysis("x.mp4", VIDEO, lines), tmp_path / "x.html"))["lanes"][0]
    assert (lane["name"], lane["drawn"], lane["shown"]) == ("hand.wave", "stack", False)
