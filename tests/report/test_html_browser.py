"""The page in a real browser."""

import numpy as np
import pytest

from openaffect.report.html import html_report
from openaffect.types import Analysis, Timeline
from openaffect.types.schemes import PRIMARY8

from .pages import card, sound, video

HAPPINESS, SADNESS, SADNESS_ON_DARK = [242, 182, 50], [58, 120, 181], [74, 140, 208]
PERSON = [11, 110, 153]
LANE = '.plot[data-lane="face.emotion"]'


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of an analysis; it has to end without a complaint or a request."""
    opened = []

    def call(analysis, media=None, **options):
        path = html_report(analysis, tmp_path / "page.html", media=media)
        page = browser.page(path.as_uri(), **options)
        page.until(f"!document.querySelector('{LANE}') || document.querySelector('{LANE} canvas')")
        opened.append((page, path.as_uri()))
        return page

    yield call
    for page, address in opened:
        assert page.complaints() == []
        others = [r for r in page.requests() if r != address and r[:5] not in ("data:", "blob:")]
        assert others == []
        page.close()


def colour(page, selector, x, y=0.5):
    """Return [red, green, blue] of a canvas, at shares of its width and height."""
    return page.run(
        f"(() => {{ const c = document.querySelector('{selector}');"
        "const one = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});"
        f"one.drawImage(c, -Math.floor({x} * c.width), -Math.floor({y} * c.height));"
        "const p = one.getImageData(0, 0, 1, 1).data;"
        "return [p[0], p[1], p[2]]; })()"
    )


def now(page):
    return page.run("Clock.now()")


def test_a_lane_is_drawn_to_scale(show):
    page = show(video())
    assert colour(page, f"{LANE} canvas", 0.25) == HAPPINESS
    assert colour(page, f"{LANE} canvas", 0.48) == HAPPINESS
    assert colour(page, f"{LANE} canvas", 0.52) == SADNESS


def test_boxes_lie_over_the_faces(show):
    page = show(video())
    assert colour(page, ".overlay", 60 / 160, 50 / 120) == PERSON
    page.run("document.getElementById('boxes').click()")
    assert colour(page, ".overlay", 60 / 160, 50 / 120) == [0, 0, 0]


def test_a_click_seeks_and_a_drag_zooms(show):
    page = show(video())
    left, top, width, height = page.box(LANE)
    page.click(left + width * 0.75, top + height / 2)
    assert now(page) == pytest.approx(6.0, abs=0.05)
    assert (
        page.run("document.getElementById('position').getAttribute('aria-valuetext')") == "0:06.0"
    )
    assert "sadness" in page.run("document.getElementById('now').textContent")
    page.drag((left + width * 0.25, top + 9), (left + width * 0.4, top + 9),
              (left + width * 0.5, top + 9))  # fmt: skip
    assert page.run("[Timeline.view.from, Timeline.view.to]") == pytest.approx([2, 4], abs=0.05)


def test_all_of_it_goes_by_keyboard(show):
    page = show(video())
    page.run("document.getElementById('position').focus()")
    for key, time in (("End", 8), ("Home", 0), ("ArrowRight", 0.16), ("ArrowRight", 0.32),
                      ("ArrowLeft", 0.16)):  # fmt: skip
        page.key(key)
        assert now(page) == pytest.approx(time, abs=1e-6), key
    page.key("ArrowRight", shift=True)
    assert now(page) == pytest.approx(1.76)
    page.key("+")
    assert page.run("Timeline.view.to - Timeline.view.from") == pytest.approx(4)
    page.key("0")
    assert page.run("Timeline.view.to - Timeline.view.from") == pytest.approx(8)
    page.key(" ")
    page.until("Clock.now() > 1.8")
    page.key(" ")
    assert page.run("Clock.playing()") is False


def test_tab_reaches_every_control(show):
    page = show(video())
    controls = 'button, select, input, summary, [tabindex="0"], a[href]'
    wanted = page.run(
        f"[...document.querySelectorAll('{controls}')].filter(e => e.checkVisibility()"
        " && !e.closest('details:not([open]) > :not(summary)')).length"
    )
    page.run("window.reached = new Set()")
    for _ in range(wanted + 2):
        page.key("Tab")
        page.run("window.reached.add(document.activeElement), 0")
    assert page.run("[...window.reached].filter(e => e !== document.body).length") == wanted > 10


def test_the_theme_changes_all_that_is_drawn(show):
    page = show(video())
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.run("document.getElementById('theme').click()")
    page.until("document.getElementById('theme').getAttribute('aria-pressed') === 'true'")
    page.until("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))")
    assert page.run(ground) != light
    assert colour(page, f"{LANE} canvas", 0.75) == SADNESS_ON_DARK
    page.run("document.getElementById('theme').click()")
    assert page.run(ground) == light


@pytest.mark.parametrize("width", [1280, 390])
def test_the_last_figure_of_an_hour_is_whole(show, width):
    """The ink right of the end is half of "1:00:00" as the browser itself measures it."""
    page = show(video(3600.0), width=width, height=900)
    page.until("document.querySelector('.ruler canvas')")
    told = page.run(
        "(() => { const c = document.querySelector('.ruler canvas'), b = c.getContext('2d');"
        "const o = new OffscreenCanvas(1, 1).getContext('2d');"
        "o.font = '12px system-ui, sans-serif';"
        "const m = o.measureText('1:00:00');"
        "const d = b.getImageData(0, 0, c.width, c.height).data;"
        "let last = 0; for (let i = 3; i < d.length; i += 4)"
        " if (d[i]) last = Math.max(last, ((i - 3) / 4) % c.width);"
        "const end = document.querySelector('.ruler .plot').clientWidth + Draw.MARGIN;"
        "const card = document.getElementById('timeline').getBoundingClientRect().right;"
        "return [last + 1 - end, m.actualBoundingBoxRight - m.width / 2,"
        " card - c.getBoundingClientRect().left - last]; })()"
    )
    ink, half, room = told
    assert ink == pytest.approx(half, abs=1.5)
    assert room > 0


def test_a_dark_system_gets_a_dark_page(show):
    page = show(video(), dark=True)
    assert colour(page, f"{LANE} canvas", 0.75) == SADNESS_ON_DARK


def test_what_a_screen_reader_is_told(show):
    page = show(video())
    told = page.accessible()
    assert ("slider", "Position in the recording") in told
    assert ("heading", "Timeline") in told
    assert any(role == "image" and name.startswith("person 0, face: 40 rows; on average happiness")
               for role, name in told)  # fmt: skip
    controls = {"button", "checkbox", "combobox", "slider", "link"}
    assert [pair for pair in told if pair[0] in controls and not pair[1]] == []
    page.run("Clock.seek(6)")
    page.until("document.getElementById('status').textContent.includes('sadness 100 %')")


def test_hostile_strings_stay_text(show):
    hostile = "</script><img src=x onerror='window.owned=1'><script>window.owned=1</script>"
    given = video(said=(hostile, hostile), source=hostile)
    bad = card(licence=hostile, paper=hostile, limits=(hostile,))
    page = show(Analysis(hostile, given.facts, given.timelines, (bad,), (hostile,)))
    assert page.run("window.owned === undefined")
    assert page.run("document.querySelectorAll('img').length") == 0
    body = page.run("document.querySelector('main').textContent")
    assert body.count(hostile) >= 4


def test_nobody_in_sight_is_said(show):
    empty = Timeline(PRIMARY8, np.zeros((0, 8)), np.zeros((0, 2)), coverage=[[0, 3]])
    facts = {"modality": "video", "duration": 3.0, "width": 64, "height": 48}
    page = show(Analysis("empty.mp4", facts, {"face.emotion": empty}))
    assert page.run(f"document.querySelector('{LANE}').textContent") == "nobody in sight"
    assert "nobody in sight" in page.run("document.getElementById('sections').textContent")


def test_an_empty_result_is_a_page(show):
    page = show(Analysis("empty.txt", {"modality": "text", "characters": 0}))
    assert page.run("document.querySelector('#timeline, .skip')") is None


def test_the_recording_leads_the_clock(show, tmp_path):
    given = video(4.0)
    facts = {"modality": "audio", "duration": 4.0}
    page = show(Analysis("a.wav", facts, given.timelines), sound(tmp_path / "a.wav"))
    page.until("document.querySelector('audio').readyState >= 2")
    page.run("Clock.seek(3)")
    page.until("document.querySelector('audio').currentTime === 3")
    page.run("Clock.play()")
    page.until("Clock.now() > 3.1")


def test_a_recording_that_the_browser_cannot_play(show, tmp_path):
    (tmp_path / "talk.mp4").write_bytes(b"no recording")
    given = video()
    page = show(Analysis("talk.wav", dict(given.facts) | {"modality": "audio"}, given.timelines),
                tmp_path / "talk.mp4")  # fmt: skip
    page.until("document.getElementById('player-note').textContent.includes('cannot play')")
    page.run("Clock.seek(2)")
    assert now(page) == 2


def test_a_telephone_needs_no_scrolling_sideways(show):
    page = show(video(people=2), width=390, height=844)
    assert page.run("document.documentElement.scrollWidth") == 390
