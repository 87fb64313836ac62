"""The page in a real browser: seen, clicked, zoomed, played, read out."""

import io

import numpy as np
import pytest
from tests.browser import Browser

from openaffect.report.html import html_report
from openaffect.types import Analysis, Card, Timeline, Unit
from openaffect.types.schemes import EKMAN7, EMODB7, PRIMARY8, TRANSCRIPT, VALENCE_AROUSAL
from pipeline.conftest import picture, speech, write_video

SECONDS = 4.0
CARD = Card(
    name="stand-in", task="face.emotion", modality="face", licence="CC0-1.0",
    limits=("Knows nothing",), forbidden_use=("Anything",),
)  # fmt: skip
HOSTILE = (
    "</script><script>window.caught=1</script><img src=x onerror=window.caught=2>"
    "<!--<script>]]>\u2028\u2029'\"&lt;svg onload=window.caught=3>"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chromium = Browser(tmp_path_factory.mktemp("profile"))
    yield chromium
    chromium.close()


def one_hot(labels, columns):
    scores = np.full((len(columns), labels), 0.02, np.float32)
    scores[np.arange(len(columns)), columns] = 1 - 0.02 * (labels - 1)
    return scores


def steps(count, step):
    return np.stack([np.arange(count), np.arange(count) + 1], axis=1) * step


def talk(source="talk.mp4", said="How nice."):
    """Two people for four seconds: happy then sad, and angry; a voice; a sentence."""
    who = np.repeat([0, 1], 20)
    box = np.where(who[:, None] == 0, [[20, 30, 60, 80]], [[100, 30, 140, 80]]).astype(float)
    extra = {"subject": who, "box": box, "abstain": np.zeros(40, bool)}
    span = np.tile(steps(20, 0.2), (2, 1))
    labels = [PRIMARY8.index(name) for name in ["happiness"] * 10 + ["sadness"] * 10]
    labels += [PRIMARY8.index("anger")] * 20
    looked = [[0, SECONDS]]
    affect = np.stack([np.linspace(-0.8, 0.8, 40), np.zeros(40)], axis=1)
    text = {"text": np.array([said], dtype=object)}
    mood = one_hot(7, [EKMAN7.index("surprise")])
    lines = {
        "face.emotion": Timeline(PRIMARY8, one_hot(8, labels), span, extra=extra, coverage=looked),
        "face.affect": Timeline(VALENCE_AROUSAL, affect, span, extra=extra, coverage=looked),
        "speech.emotion": Timeline(EMODB7, one_hot(7, [0, 1]), steps(2, 2.0), coverage=looked),
        "speech.transcript": Timeline(TRANSCRIPT, [[0.9]], [[1, 3]], extra=text, coverage=looked),
        "text.ekman": Timeline(EKMAN7, mood, [[1, 3]], extra=text, coverage=looked),
    }
    facts = {
        "modality": "video", "duration": SECONDS, "width": 160, "height": 120,
        "has_video": True, "has_audio": True,
    }  # fmt: skip
    return Analysis(source, facts, lines, (CARD,), ("a warning",))


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    frames = [picture([(20 + t // 2, 30)]) for t in range(40)]
    path = tmp_path_factory.mktemp("clip") / "talk.mp4"
    return write_video(path, frames, sound=[speech(4, [(1, 3)])]) or path


@pytest.fixture
def opened(browser, tmp_path):
    """Write an analysis as a page and open it; the tab is closed in the end."""
    pages = []

    def call(analysis, *, media=None, anonymize=False, **looks):
        path = html_report(analysis, tmp_path / "x.html", media=media, anonymize=anonymize)
        pages.append(browser.page(path.as_uri(), **looks))
        return pages[-1]

    yield call
    for page in pages:
        page.close()


def pixels(data):
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def amount(page, colour):
    """How many pixels of the whole page are of a colour ``#rrggbb``, within a little."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return int((np.abs(pixels(page.screenshot(whole=True)) - wanted).max(axis=2) < 6).sum())


def time_of(page):
    return page.run("Clock.now()")


def test_a_page_is_clean_and_stays_off_the_network(opened, clip):
    page = opened(talk(), media=clip)
    page.until("document.querySelector('video').readyState >= 2")
    assert page.complaints() == []
    addresses = page.requests()
    assert [a for a in addresses if not a.startswith(("file:", "blob:", "data:"))] == []
    assert sum(address.startswith("file:") for address in addresses) == 1


def test_scripts_from_elsewhere_and_requests_are_refused(opened):
    page = opened(talk())
    refused = page.run(
        "fetch('https://example.org/').then(() => false, () => true)"
    )  # the policy names no address to connect to
    assert refused
    page.run("{ const s = document.createElement('script'); s.textContent = 'window.caught=1';"
             "document.body.append(s); }")  # fmt: skip
    assert page.run("window.caught === undefined")


def test_lanes_show_what_was_found(opened):
    page = opened(talk())
    page.until("document.querySelectorAll('[data-lane] canvas').length >= 6")
    for colour in ("#f2b632", "#3a78b5", "#c8384a", "#1fa899"):  # happy, sad, angry, surprised
        assert amount(page, colour) > 500
    said = page.run("[...document.querySelectorAll('.lanes [data-lane]')].map(e => e.ariaLabel)")
    assert any("person 0" in text and "happiness" in text for text in said)
    assert any("person 1" in text and "anger" in text for text in said)


def test_clicking_a_lane_seeks_the_recording(opened, clip):
    page = opened(talk(), media=clip)
    page.until("document.querySelector('video').readyState >= 1")
    left, top, width, height = page.box("[data-lane='face.emotion']")
    page.click(left + 0.75 * width, top + height / 2)
    page.until("Math.abs(document.querySelector('video').currentTime - 3) < 0.05")
    assert page.run("document.activeElement.id") == "position"
    assert "0:03" in page.run("document.getElementById('position').ariaValueText")
    page.until("document.getElementById('status').textContent.includes('sadness')")
    assert "sadness" in page.run("document.getElementById('now').innerText")


def test_the_playhead_follows_what_plays(opened, clip):
    page = opened(talk(), media=clip)
    page.until("document.querySelector('video').readyState >= 3")
    page.run("document.getElementById('position').focus()")
    page.key(" ")
    page.until("Clock.now() > 0.3")
    page.key(" ")
    page.until("document.querySelector('video').paused")
    way = page.run(
        "(() => { const r = s => document.querySelector(s).getBoundingClientRect();"
        "return (r('.playhead').left + 1 - r('.layer').left) / r('.layer').width; })()"
    )
    assert way == pytest.approx(time_of(page) / SECONDS, abs=0.02)


def test_keys(opened):
    page = opened(talk())
    page.run("document.getElementById('position').focus()")
    page.key("End")
    assert time_of(page) == SECONDS
    page.key("ArrowLeft")
    assert time_of(page) == pytest.approx(SECONDS * 0.98)
    page.key("Home")
    assert time_of(page) == 0
    page.key("ArrowRight", shift=True)
    assert time_of(page) == pytest.approx(SECONDS * 0.2)
    page.key("+")
    assert page.run("Timeline.view.to - Timeline.view.from") == pytest.approx(SECONDS / 2)
    page.key("-")
    assert page.run("[Timeline.view.from, Timeline.view.to]") == [0, SECONDS]


def test_dragging_zooms_and_fit_shows_all(opened):
    page = opened(talk())
    left, top, width, height = page.box("[data-lane='speech.emotion']")
    page.drag(*((left + part * width, top + height / 2) for part in (0.25, 0.4, 0.5)))
    view = page.run("[Timeline.view.from, Timeline.view.to]")
    assert view == pytest.approx([0.25 * SECONDS, 0.5 * SECONDS], abs=0.03)
    assert page.run("document.getElementById('window').textContent") != ""
    page.run("[...document.querySelectorAll('#timeline .bar button')].at(-1).click()")
    assert page.run("[Timeline.view.from, Timeline.view.to]") == [0, SECONDS]


def test_light_and_dark(opened):
    light, dark = opened(talk()), opened(talk(), dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = light.run(ground), dark.run(ground)
    assert seen[0] != seen[1]
    light.run("document.getElementById('theme').click()")
    assert light.run(ground) == seen[1]
    assert light.run("document.getElementById('theme').ariaPressed") == "true"


def test_what_a_screen_reader_is_told(opened):
    page = opened(talk())
    told = page.accessible()
    assert ("slider", "Position in the recording") in told
    assert ("heading", "Timeline") in told
    assert any(role == "status" for role, _ in told)
    assert any(role in ("image", "img") and "person 0, face" in name for role, name in told)
    assert [name for role, name in told if role == "button" and not name] == []
    page.run("document.getElementById('table').open = true")
    page.until("document.querySelectorAll('#table tbody tr').length === 20")
    assert page.run("document.querySelectorAll('#table thead th').length") == 2 + 8


def test_hostile_names_and_words_stay_words(opened):
    page = opened(talk(source=f"a/{HOSTILE.replace('/', '')}", said=HOSTILE))
    assert page.run("window.caught === undefined")
    assert page.complaints() == []
    assert page.run("document.querySelector('.sentence .text').textContent") == HOSTILE
    assert "&lt;svg onload" in page.run("document.getElementById('title').textContent")
    assert page.run("document.querySelectorAll('img, svg, iframe').length") == 0


def test_nobody_there_is_said(opened):
    nobody = Timeline.empty(PRIMARY8, coverage=[[0, SECONDS]])
    facts = {"modality": "video", "duration": SECONDS, "has_video": True, "has_audio": True}
    page = opened(Analysis("empty.mp4", facts, {"face.emotion": nobody}))
    text = page.run("document.body.innerText")
    assert "nobody in sight" in text
    assert "Voice: not analysed" in text
    assert page.complaints() == []


def still(count):
    box = np.array([[20, 30, 60, 80], [100, 30, 140, 80]], float)[:count]
    extra = {"box": box, "subject": np.arange(count)}
    labels = [PRIMARY8.index(name) for name in ("happiness", "anger")][:count]
    faces = Timeline(PRIMARY8, one_hot(8, labels), np.zeros((count, 2)), Unit.WHOLE, extra=extra)
    return Analysis("still.png", {"modality": "image", "width": 160, "height": 120},
                    {"face.emotion": faces}, (CARD,))  # fmt: skip


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    from PIL import Image

    path = tmp_path_factory.mktemp("photo") / "still.png"
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


def test_a_still_has_its_faces_and_no_timeline(opened, photo):
    page = opened(still(2), media=photo)
    text = page.run("document.getElementById('now').innerText")
    assert "face 0 · happiness" in text and "face 1 · anger" in text
    assert page.run("document.getElementById('timeline')") is None
    assert page.complaints() == []
    assert "no face found" in opened(still(0), media=photo).run("document.body.innerText")


def sentences(unit):
    texts = np.array(["I am happy.", "It is sad."], dtype=object)
    span = [[0, 11], [12, 22]] if unit is Unit.CHARACTERS else np.zeros((2, 2))
    extra = {"text": texts}
    if unit is Unit.WHOLE:
        extra["row"] = np.array([1, 2])
    labels = [EKMAN7.index(name) for name in ("happiness", "sadness")]
    timeline = Timeline(EKMAN7, one_hot(7, labels), span, unit, extra=extra)
    kind = {"modality": "text", "characters": 22} if unit is Unit.CHARACTERS else {
        "modality": "table", "column": "comment"}  # fmt: skip
    return Analysis("note.txt", kind, {"text.ekman": timeline}, (CARD,))


@pytest.mark.parametrize("unit", [Unit.CHARACTERS, Unit.WHOLE])
def test_texts_are_coloured_and_lead_to_their_place(opened, unit):
    page = opened(sentences(unit))
    assert page.complaints() == []
    assert page.run("[...document.querySelectorAll('.sentence .tag')].map(e => e.innerText)") == [
        "happiness 88 %", "sadness 88 %",
    ]  # fmt: skip
    page.run("document.querySelectorAll('.sentence')[1].click()")
    assert time_of(page) == (12 if unit is Unit.CHARACTERS else 1)
    assert "It is sad." in page.run("document.getElementById('now').innerText")


def test_narrow_pages_do_not_scroll_sideways(opened, clip):
    page = opened(talk(), media=clip, width=390, height=800)
    page.until("document.querySelectorAll('[data-lane] canvas').length >= 6")
    assert page.run("document.documentElement.scrollWidth") <= 390


def test_an_anonymised_page_holds_no_recording(opened, clip, tmp_path):
    page = opened(talk(), media=clip, anonymize=True)
    assert page.run("document.getElementById('media').textContent") == ""
    assert page.run("document.querySelectorAll('video, .peaks img').length") == 0
    assert "left out" in page.run("document.getElementById('player-note').textContent")
    assert page.run("page.media.frames.length") > 0


def test_an_hour_opens_and_zooms(opened):
    count = 18_000
    rows = np.random.default_rng(0).dirichlet(np.ones(8), count)
    face = Timeline(
        PRIMARY8, rows, steps(count, 0.2),
        extra={"subject": np.zeros(count, int), "box": np.tile([[1.0, 1, 9, 9]], (count, 1))},
        coverage=[[0, 3600]],
    )  # fmt: skip
    facts = {"modality": "video", "duration": 3600.0, "width": 160, "height": 120}
    page = opened(Analysis("hour.mp4", facts, {"face.emotion": face}))
    page.run("Timeline.show(1800, 1802)")
    page.until("document.getElementById('window').textContent.startsWith('30:00')")
    assert page.complaints() == []
    first = page.run("Data.lanes[0].labels.map((_, k) => Data.lanes[0].value(9000, k))")
    assert first == pytest.approx(rows[9000], abs=0.003)


def test_an_address_may_name_a_moment(browser, tmp_path):
    path = html_report(talk(), tmp_path / "x.html")
    page = browser.page(f"{path.as_uri()}#t=2.5")
    assert time_of(page) == 2.5
    page.close()
