import base64
import hashlib
import io
import json

import numpy as np
import pytest

from openaffect.report import html_media
from openaffect.report.html import html_report, inert
from openaffect.report.html_arrays import Pool, quantized
from openaffect.report.lanes import coarse
from openaffect.types import Analysis, SourceNotFoundError, Timeline, Unit
from openaffect.types.schemes import ARKIT52, EKMAN7, FACS_AU, HEAD_POSE, PRIMARY8, VALENCE_AROUSAL

from .pages import BOX, Page, certain, seconds, sound, video

HOSTILE = "</script><!--<script>alert(1)</script>&amp;\u2028<img src=x onerror=alert(1)>"
VENDORED = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uPlot-LICENSE.txt": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
"""Of the files in the npm package uplot 1.6.32."""


def page(analysis, tmp_path, **options):
    return Page(html_report(analysis, tmp_path / "page.html", **options))


@pytest.mark.parametrize("name", VENDORED)
def test_what_was_taken_over_is_unchanged(name):
    from importlib import resources

    data = resources.files("openaffect.report").joinpath("static", name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == VENDORED[name]


def test_the_page_allows_itself_its_own_scripts_and_nothing_else(tmp_path):
    made = page(video(), tmp_path)

    def hashes(texts):
        digests = (hashlib.sha256(text.encode()).digest() for text in texts)
        return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}

    assert made.policy["default-src"] == ["'none'"]
    assert set(made.policy["script-src"]) == hashes(made.scripts)
    assert set(made.policy["style-src"]) == hashes(made.styles)
    assert made.policy["media-src"] == ["blob:"]
    assert made.policy["img-src"] == ["data:", "blob:"]
    addresses = [tag[1].get("src") or tag[1].get("href") for tag in made.tags]
    assert {address for address in addresses if address} == {"#timeline", "data:,"}
    assert not any(name.startswith("on") for _, given in made.tags for name in given)


def test_strings_cannot_leave_the_data():
    text = inert({HOSTILE: [HOSTILE, "ä\ud800"]})
    assert not set("<>&\u2028") & set(text)
    assert text.isascii()
    assert json.loads(text) == {HOSTILE: [HOSTILE, "ä\ud800"]}


def test_hostile_names_and_words_change_no_tag(tmp_path):
    plain = page(video(), tmp_path)
    hostile = page(video(said=(HOSTILE, HOSTILE), source=HOSTILE), tmp_path)
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert hostile.data["sentences"][0]["text"] == HOSTILE


def test_numbers_become_steps_of_their_range():
    values = np.array([[0.0, -1.0], [0.5, 0.0], [1.0, 1.0], [np.nan, 2.0]])
    low, high = np.array([0.0, -1.0]), np.array([1.0, 1.0])
    assert quantized(values, low, high, "u1").tolist() == [
        [0, 0],
        [127, 127],
        [254, 254],
        [255, 254],
    ]
    assert quantized(values, low, high, "u2")[1].tolist() == [32767, 32767]
    drawn = np.random.default_rng(0).random((500, 2)) * 2 - 1
    back = quantized(drawn, low - 1, high, "u1") / 254 * (high - low + 1) + low - 1
    assert np.abs(back - np.maximum(drawn, low - 1)).max() <= 2 * 1.0 / 254


def test_an_array_is_kept_once():
    pool = Pool()
    assert [pool.add([1, 2], "u4"), pool.add([3], "u1"), pool.add([1, 2], "u4")] == [0, 1, 0]
    assert pool.to_list() == [["u4", "AQAAAAIAAAA="], ["u1", "Aw=="]]


def test_an_average_leaves_out_what_was_not_measured():
    scores = np.array([[0.25], [np.nan], [np.nan], [np.nan]])
    who = {"subject": np.array([7, 8, 9, 9])}
    line = Timeline(HEAD_POSE, np.repeat(scores, 3, axis=1), seconds(4, 1.0), extra=who)
    joined = coarse(line, 2)
    np.testing.assert_array_equal(joined.scores[:, 0], np.float32([0.25, np.nan]))
    assert joined.extra["subject"].tolist() == [7, 9]


def noise(count, kind, rng):
    scores = rng.random((count, len(kind)))
    return scores / scores.sum(axis=1, keepdims=True) if kind is PRIMARY8 else scores


def test_an_hour_stays_small(tmp_path):
    looks, rng = 18_000, np.random.default_rng(0)
    extra = {"subject": np.zeros(looks, int), "box": rng.random((looks, 4)) * 500}
    kinds = {
        "face.emotion": PRIMARY8, "face.dynamic": PRIMARY8, "face.affect": VALENCE_AROUSAL,
        "face.pose": HEAD_POSE, "face.blendshapes": ARKIT52, "face.action_units": FACS_AU,
    }  # fmt: skip
    lines = {
        name: Timeline(kind, noise(looks, kind, rng), seconds(looks, 0.2), extra=extra)
        for name, kind in kinds.items()
    }
    hour = Analysis("hour.mp4", {"modality": "video", "duration": 3600.0}, lines)
    path = html_report(hour, tmp_path / "hour.html")
    assert path.stat().st_size < 15_000_000
    assert Page(path).data["lanes"][0]["count"] == looks


def test_rows_beyond_the_bound_are_averaged_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr("openaffect.report.html_lanes.MOST_ROWS", 10)
    made = page(video(), tmp_path)
    face = next(lane for lane in made.data["lanes"] if lane["name"] == "face.emotion")
    assert (face["count"], face["measured"]) == (10, 40)
    assert any("averaged" in note and "face.emotion" in note for note in made.data["notes"])


def test_a_recording_goes_in_as_it_is(tmp_path):
    path = sound(tmp_path / "a.wav")
    made = page(Analysis("a.wav", {"modality": "audio", "duration": 4.0}), tmp_path, media=path)
    assert made.media == path.read_bytes()
    assert (made.data["media"]["how"], made.data["media"]["type"]) == ("embedded", "audio/x-wav")


def test_a_large_recording_is_linked(tmp_path, monkeypatch):
    monkeypatch.setattr(html_media, "MOST_EMBEDDED", 1000)
    (tmp_path / "in put").mkdir()
    path = sound(tmp_path / "in put" / "a#1.wav")
    made = page(Analysis("a.wav", {"modality": "audio", "duration": 4.0}), tmp_path, media=path)
    assert made.media == b""
    assert made.data["media"]["address"] == "in%20put/a%231.wav"
    assert made.policy["media-src"] == ["blob:", "file:"]


def test_nobody_is_shown_when_asked_not_to(tmp_path):
    from PIL import Image

    rng = np.random.default_rng(0)
    cells = rng.integers(0, 256, (30, 40), dtype=np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    Image.fromarray(np.stack([cells] * 3, axis=2)).save(tmp_path / "still.png")
    faces = Timeline(PRIMARY8, certain("fear", 1), [[0, 0]], unit=Unit.WHOLE, extra={"box": [BOX]})
    about = {"modality": "image", "width": 160, "height": 120}
    still = Analysis("still.png", about, {"face.emotion": faces})

    def roughness(**options):
        made = page(still, tmp_path, media=tmp_path / "still.png", **options)
        address = made.data["media"]["frames"][0][1]
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))
        x0, y0, x1, y1 = map(int, BOX)
        return np.abs(np.diff(shown[y0:y1, x0:x1, 0].astype(int))).mean()

    assert roughness(anonymize=True) < 0.25 * roughness()


def test_an_anonymised_video_is_never_in_the_page(tmp_path):
    from tests.pipeline.conftest import picture, write_video

    write_video(tmp_path / "talk.mp4", [picture([(60, 30)])] * 20)
    made = page(video(2.0, anonymize=True), tmp_path, media=tmp_path / "talk.mp4")
    assert made.media == b""
    assert made.data["media"]["how"] == "frames"
    assert len(made.data["media"]["frames"]) > 2
    assert {peak["picture"] for one in made.data["people"] for peak in one["peaks"]} == {""}
    shown = page(video(2.0), tmp_path, media=tmp_path / "talk.mp4")
    assert shown.media == (tmp_path / "talk.mp4").read_bytes()
    assert all(peak["picture"] for one in shown.data["people"] for peak in one["peaks"])


def test_a_missing_recording_leaves_the_old_page(tmp_path):
    (tmp_path / "page.html").write_text("old")
    with pytest.raises(SourceNotFoundError, match=r"gone\.mp4"):
        html_report(video(), tmp_path / "page.html", media=tmp_path / "gone.mp4")
    assert (tmp_path / "page.html").read_text() == "old"


def test_each_person_has_lanes(tmp_path):
    made = page(video(people=3), tmp_path)
    groups = [lane["group"] for lane in made.data["lanes"] if lane["name"] == "face.emotion"]
    assert groups == ["person 0", "person 1", "person 2"]
    assert [one["share"]["happiness"] for one in made.data["people"]] == [0.5] * 3


def test_the_rows_of_a_table_lie_one_after_the_other(tmp_path):
    text = np.array(["fine", "bad"], dtype=object)
    extra = {"text": text, "row": np.array([0, 4])}
    mood = Timeline(
        EKMAN7, certain("fear", 2, EKMAN7), np.zeros((2, 2)), unit=Unit.WHOLE, extra=extra
    )
    made = page(Analysis("a.csv", {"modality": "table"}, {"text.ekman": mood}), tmp_path)
    assert (made.data["unit"], made.data["until"]) == ("whole", 2.0)
    assert [(one["start"], one["row"]) for one in made.data["sentences"]] == [(0.0, 0), (1.0, 4)]


def test_nothing_at_all_is_a_page_too(tmp_path):
    made = page(Analysis("empty.mp4", {"modality": "video", "duration": 3.0}), tmp_path)
    assert made.data["lanes"] == []
    assert "Nothing was analysed." in made.data["coverage"]
