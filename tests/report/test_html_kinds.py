"""The page of every kind of input in a real browser, and what it refuses."""

import numpy as np
import pytest

from openaffect.report.html import SCRIPTS, html_report, static
from openaffect.report.html_facts import coverage, duration, facts, title
from openaffect.report.html_facts import sentences as said
from openaffect.types import Analysis, OutputError, Timeline, Unit
from openaffect.types.schemes import EKMAN7, PRIMARY8
from pipeline.conftest import picture, speech, write_video

from .pages import BOX, Page, certain, seconds, video

OURS = [name for name in SCRIPTS if not name.startswith("uPlot")]


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of an analysis; the tab is closed in the end."""
    pages = []

    def call(analysis, *, moment="", **options):
        path = html_report(analysis, tmp_path / "page.html", **options)
        pages.append(browser.page(path.as_uri() + moment))
        return pages[-1]

    yield call
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "talk & #1.mp4"
    frames = [picture([(20 + t // 2, 30)]) for t in range(40)]
    write_video(path, frames, sound=[speech(4, [(1, 3)])])
    return path


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    from PIL import Image

    path = tmp_path_factory.mktemp("photo") / "still.png"
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


def still(count, **about):
    box = np.array([BOX, (5, 20, 50, 80)])[:count]
    scores = np.concatenate([certain("happiness", 1), certain("anger", 1)])[:count]
    extra = {"box": box, "subject": np.arange(count)}
    faces = Timeline(PRIMARY8, scores, np.zeros((count, 2)), Unit.WHOLE, extra=extra)
    given = {"modality": "image", "width": 160, "height": 120} | about
    return Analysis("still.png", given, {"face.emotion": faces})


def sentences(unit):
    spans = [[0, 11], [12, 22]] if unit is Unit.CHARACTERS else np.zeros((2, 2))
    extra = {"text": np.array(["I am happy.", "It is sad."], dtype=object)}
    if unit is Unit.WHOLE:
        extra["row"] = np.array([1, 2])
    scores = np.concatenate([certain(label, 1, EKMAN7) for label in ("happiness", "sadness")])
    kind = {Unit.CHARACTERS: "text", Unit.WHOLE: "table"}[unit]
    lines = {"text.ekman": Timeline(EKMAN7, scores, spans, unit, extra=extra)}
    return Analysis("note.txt", {"modality": kind, "characters": 22}, lines)


def test_lines_of_a_dialogue_say_who_spoke():
    extra = {
        "text": np.array(["I won.", "Great!", "Hm."], dtype=object),
        "speaker": np.array(["Ann", "Bob", ""], dtype=object),
        "row": np.arange(3),
    }
    scores = np.concatenate([certain("happiness", 1, EKMAN7)] * 3)
    lines = {"text.ekman": Timeline(EKMAN7, scores, np.zeros((3, 2)), Unit.WHOLE, extra=extra)}
    records, count = said(Analysis("talk.csv", {"modality": "table"}, lines))
    assert [record["text"] for record in records] == ["Ann: I won.", "Bob: Great!", "Hm."]
    assert count == 3


def test_the_playhead_follows_the_video(show, clip):
    page = show(video(4.0), media=clip)
    page.until("document.querySelector('video').readyState >= 3")
    page.run("document.getElementById('position').focus()")
    page.key(" ")
    page.until("document.querySelector('video').currentTime > 0.3")
    page.key(" ")
    page.until("document.querySelector('video').paused")
    way = page.run(
        "(() => { const r = s => document.querySelector(s).getBoundingClientRect();"
        "return (r('.playhead').left + 1 - r('.layer').left) / r('.layer').width; })()"
    )
    assert way == pytest.approx(page.run("Clock.now()") / 4, abs=0.02)


def test_what_was_not_in_the_page_does_not_run(show):
    page = show(video())
    assert page.run("fetch('https://example.org/').then(() => false, () => true)")
    page.run(
        "{ const s = document.createElement('script'); s.textContent = 'window.caught = 1';"
        "document.body.append(s); }"
    )
    assert page.run("window.caught === undefined")


@pytest.mark.parametrize("name", OURS)
def test_our_scripts_build_no_html_and_run_no_text(name):
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "new Function", "fetch(", "XMLHttpRequest", "import("):  # fmt: skip
        assert word not in static(name)


def test_a_still_has_its_faces_and_no_timeline(show, photo):
    page = show(still(2), media=photo)
    text = page.run("document.getElementById('now').innerText")
    assert "face 0 · happiness" in text and "face 1 · anger" in text
    assert page.run("document.getElementById('timeline')") is None
    assert page.complaints() == []
    assert "no face found" in show(still(0), media=photo).run("document.body.innerText")


@pytest.mark.parametrize("unit", [Unit.CHARACTERS, Unit.WHOLE])
def test_texts_are_coloured_and_lead_to_their_place(show, unit):
    page = show(sentences(unit))
    assert page.complaints() == []
    assert page.run("[...document.querySelectorAll('.sentence .tag')].map(e => e.innerText)") == [
        "happiness 100 %", "sadness 100 %",
    ]  # fmt: skip
    page.run("document.querySelectorAll('.sentence')[1].click()")
    assert page.run("Clock.now()") == (12 if unit is Unit.CHARACTERS else 1)
    assert "It is sad." in page.run("document.getElementById('now').innerText")
    page.run("Clock.seek(page.until)")
    assert "It is sad." in page.run("document.getElementById('now').innerText")


def test_the_rows_can_be_read_as_a_table(show):
    page = show(video(4.0))
    page.run("document.getElementById('table').open = true")
    page.until("document.querySelectorAll('#table tbody tr').length === 20")
    assert page.run("document.querySelectorAll('#table thead th').length") == 2 + 8


def test_an_hour_opens_zooms_and_keeps_its_numbers(show):
    count = 18_000
    rows = np.random.default_rng(0).dirichlet(np.ones(8), count)
    extra = {"subject": np.zeros(count, int), "box": np.tile(BOX, (count, 1))}
    face = Timeline(PRIMARY8, rows, seconds(count, 0.2), extra=extra, coverage=[[0, 3600]])
    given = {"modality": "video", "duration": 3600.0, "width": 160, "height": 120}
    page = show(Analysis("hour.mp4", given, {"face.emotion": face}))
    page.run("Timeline.show(1800, 1802)")
    page.until("document.getElementById('window').textContent.startsWith('30:00')")
    assert page.complaints() == []
    first = page.run("Data.lanes[0].labels.map((_, k) => Data.lanes[0].value(9000, k))")
    assert first == pytest.approx(rows[9000], abs=0.5 / 254 + 1e-6)


def test_an_address_may_name_a_moment(show):
    assert show(video(), moment="#t=2.5").run("Clock.now()") == 2.5


def test_an_anonymised_page_plays_stills(show, clip):
    page = show(video(4.0), media=clip, anonymize=True)
    assert page.run("document.querySelectorAll('video, .peaks img').length") == 0
    assert "left out" in page.run("document.getElementById('player-note').textContent")


def test_a_picture_in_which_nobody_looked_for_faces_is_left_out(tmp_path, photo):
    given = {"modality": "image", "width": 160, "height": 120, "anonymize": True}
    path = html_report(Analysis("still.png", given), tmp_path / "x.html", media=photo)
    shown = Page(path).data["media"]
    assert (shown["how"], shown["frames"]) == ("none", [])
    assert "left out" in shown["note"]


def test_the_folder_of_the_input_is_not_told(tmp_path):
    path = html_report(video(source="/home/anna/secret/talk.mp4"), tmp_path / "x.html")
    assert "anna" not in path.read_text("utf-8")


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        html_report(video(), tmp_path / "file" / "x.html")


def test_a_timeline_of_any_name_gets_a_lane(tmp_path):
    lines = {"hand.wave": Timeline(PRIMARY8, certain("fear", 2), seconds(2, 1.0))}
    analysis = Analysis("x.mp4", {"modality": "video", "duration": 2.0}, lines)
    lane = Page(html_report(analysis, tmp_path / "x.html")).data["lanes"][0]
    assert (lane["name"], lane["drawn"], lane["shown"]) == ("hand.wave", "stack", False)


def test_words_on_the_input():
    assert title(Analysis("What a day!", {"modality": "text"})) == "What a day!"
    assert [duration(x) for x in (9.68, 200, 3725)] == ["9.7 s", "3 min 20 s", "1 h 02 min"]
    assert facts(video(2.0))[:3] == ["video", "2.0 s", "160 × 120 pixels"]
    assert coverage(Analysis("x", {"modality": "text"})) == ["Nothing was analysed."]
