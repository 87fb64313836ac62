"""Each format, opened again by a reader that somebody else wrote."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from openaffect.metrics.annotations import read_eaf
from openaffect.pipeline.cues import cues, emotion_at, one_at_a_time
from openaffect.pipeline.outputs import (
    check_formats,
    format_names,
    format_titles,
    untimed,
    write_outputs,
)
from openaffect.pipeline.stretches import lasting, plain, stretches, tiers
from openaffect.types import Analysis, Timeline, Unit, UnknownNameError
from openaffect.types.schemes import EKMAN7, PRIMARY8, SPEECH_ACTIVITY, TRANSCRIPT

TIMED = ("audacity", "audformat", "eaf", "srt", "textgrid", "vtt")
HOSTILE = (
    'She said "no" <b>&amp; left</b> --> {\\an8}',
    "1\n00:00:00,000 --> 00:00:09,000\nforged",
    "tab\there, bell\x07, nul\x00, next line\x85, separator\u2028end",
    "Привет, שלום עולם, 日本語 👩‍👩‍👧‍👦",
    "\ud800 lone, \ufffe none",
    "]]> <!DOCTYPE x [<!ENTITY a 'b'>]> &a;",
    '""""',
    "x" * 5000,
    "\\\t1\t2",
    "NOTE not a note\n\nSTYLE\n::cue {}",
)


def one_hot(labels, scheme=PRIMARY8, mass=0.86):
    scores = np.full((len(labels), len(scheme)), (1 - mass) / (len(scheme) - 1))
    scores[np.arange(len(labels)), [scheme.index(label) for label in labels]] = mass
    return scores


def faces(rows, **extra):
    """Rows of (start, end, label, subject)."""
    span = [row[:2] for row in rows]
    subject = np.array([row[3] for row in rows], int)
    scores = one_hot([row[2] for row in rows])
    return Timeline(PRIMARY8, scores, span, extra={"subject": subject, **extra}, coverage=[[0, 9]])


def spoken(texts, step=1.0):
    span = [(n * step, (n + 1) * step) for n in range(len(texts))]
    words = np.empty(len(texts), object)
    words[:] = texts
    return Timeline(TRANSCRIPT, np.full((len(texts), 1), 0.9), span, extra={"text": words})


def analysis(source="talk.mp4", **lines):
    named = {name.replace("_", ".", 1): line for name, line in lines.items()}
    return Analysis(source, {"modality": "video", "duration": 9.0}, named)


TWO = [
    (0.0, 0.2, "happiness", 0),
    (0.0, 0.2, "sadness", 1),
    (0.2, 0.4, "happiness", 0),
    (0.2, 0.4, "sadness", 1),
    (0.4, 0.6, "fear", 0),
    (1.0, 1.2, "fear", 0),
]


def written(found, folder, name):
    files = write_outputs(found, folder, "talk.mp4", [name])
    return [folder / file for file in files]


def captions(path):
    import webvtt

    read = webvtt.from_srt if path.suffix == ".srt" else webvtt.read
    return list(read(str(path)))


def test_every_file_of_the_folder_is_a_format():
    assert set(format_names()) == {"csv", "json", "jsonl", "parquet", *TIMED}
    assert format_titles()["eaf"] == "ELAN annotations"
    assert check_formats(["srt", "csv", "srt"]) == ("srt", "csv")


def test_one_file_of_somebody_else_is_a_format(tmp_path, monkeypatch):
    """Found by its entry point, and by nothing else."""
    from importlib import metadata

    (tmp_path / "their_count.py").write_text(
        "from openaffect.pipeline.formats._format import Format\n"
        "def write(analysis, folder, name):\n"
        "    (folder / f'{name}.count').write_text(str(len(analysis.timelines)))\n"
        "    return [f'{name}.count']\n"
        "FORMAT = Format('how many timelines', write, timed=False)\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    point = metadata.EntryPoint("count", "their_count", "openaffect.formats")
    monkeypatch.setattr(
        metadata, "entry_points", lambda group: [point] if group == point.group else []
    )
    assert "count" in format_names()
    (path,) = written(analysis(face_emotion=faces(TWO)), tmp_path, "count")
    assert path.read_text("utf-8") == "1"


def test_a_misspelt_format_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match="textgrid"):
        check_formats(["textgrd"])


def test_neighbours_of_one_label_are_joined_and_a_pause_parts_them():
    found = [(s.subject, s.start, s.end, s.label) for s in stretches(faces(TWO))]
    assert found == [
        (0, 0.0, 0.4, "happiness"),
        (0, 0.4, 0.6, "fear"),
        (0, 1.0, 1.2, "fear"),
        (1, 0.0, 0.4, "sadness"),
    ]


def test_a_joined_score_is_weighted_by_length():
    scores = np.array([[0.9] + [0.1 / 7] * 7, [0.6] + [0.4 / 7] * 7])
    line = Timeline(PRIMARY8, scores, [(0, 3), (3, 4)])
    assert stretches(line)[0].score == pytest.approx((3 * 0.9 + 0.6) / 4)


def test_abstaining_rows_are_unsure():
    line = faces(TWO, abstain=np.array([1, 0, 0, 0, 0, 0], bool))
    first, second = stretches(line)[:2]
    assert (first.label, first.end) == ("unsure", 0.2)
    assert np.isnan(first.score)
    assert (second.label, second.start) == ("happiness", 0.2)


def test_overlapping_windows_each_keep_what_is_nearer_to_their_middle():
    line = Timeline(PRIMARY8, one_hot(["anger", "fear", "anger"]), [(0, 3), (1.5, 4.5), (3, 6)])
    assert [(s.start, s.end) for s in stretches(line)] == [(0, 2.25), (2.25, 3.75), (3.75, 6)]


def test_tiers_name_stream_and_person():
    found = tiers(analysis(face_emotion=faces(TWO), speech_transcript=spoken(["How nice."])))
    assert list(found) == ["face.emotion 0", "face.emotion 1", "speech.transcript"]
    assert [m.text for m in found["face.emotion 0"]] == ["happiness", "fear", "fear"]
    assert found["speech.transcript"][0].text == "How nice."


def test_cues_hold_the_words_and_the_emotion_of_their_moment():
    fused = Timeline(PRIMARY8, one_hot(["anger", "happiness"]), [(0, 1), (1, 2)])
    found = cues(analysis(speech_transcript=spoken(["No!", "Well, yes."]), fused_emotion=fused))
    assert [(c.start, c.end, c.tag, c.text) for c in found] == [
        (0, 1000, "[anger .86]", "No!"),
        (1000, 2000, "[happiness .86]", "Well, yes."),
    ]


def test_of_several_people_nobody_can_tell_whose_words_they_are():
    assert emotion_at(faces(TWO), 0.0, 0.4)[0] == ""
    assert emotion_at(faces(TWO), 1.0, 1.2)[0] == "fear"
    assert emotion_at(faces(TWO), 5.0, 6.0)[0] == ""


def test_without_a_transcript_cues_are_the_people():
    found = cues(analysis(face_emotion=faces(TWO)))
    assert [(c.who, c.start, c.end, c.label) for c in found] == [
        ("person 0", 0, 400, "happiness"),
        ("person 1", 0, 400, "sadness"),
        ("person 0", 400, 600, "fear"),
        ("person 0", 1000, 1200, "fear"),
    ]
    parts = one_at_a_time(found)
    assert [(s, e, len(c)) for s, e, c in parts] == [(0, 400, 2), (400, 600, 1), (1000, 1200, 1)]


def test_nobody_is_no_cue():
    assert cues(analysis(face_emotion=Timeline.empty(PRIMARY8, coverage=[[0, 9]]))) == []


def test_a_long_phrase_is_cut_and_its_time_shared_by_characters():
    found = cues(analysis(speech_transcript=spoken(["ab cd " * 50], step=10.0)))
    assert [c.start for c in found[1:]] == [c.end for c in found[:-1]]
    assert found[-1].end == 10_000
    assert all(len(c.lines()) <= 2 and max(map(len, c.lines())) <= 42 for c in found)
    lengths = np.array([[len(c.text), c.end - c.start] for c in found])
    np.testing.assert_allclose(
        lengths[:, 1] / lengths[:, 0], 10_000 / lengths[:, 0].sum(), rtol=0.02
    )


def test_stills_and_texts_have_no_times(tmp_path):
    still = Analysis(
        "a.png", {}, {"face.emotion": Timeline(PRIMARY8, one_hot(["fear"]), [(0, 0)], Unit.WHOLE)}
    )
    assert untimed(still, ("csv", *TIMED)) == TIMED
    assert write_outputs(still, tmp_path, "a.png", ["csv", "srt"]) == ("a.png.face.emotion.csv",)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_subtitles(tmp_path, name):
    found = analysis(speech_transcript=spoken(["How <nice> & good.", "No."]))
    read = captions(written(found, tmp_path, name)[0])
    assert [(c.start, c.end) for c in read] == [
        ("00:00:00.000", "00:00:01.000"),
        ("00:00:01.000", "00:00:02.000"),
    ]


def test_vtt_colours_and_voices(tmp_path):
    path = written(analysis(face_emotion=faces(TWO)), tmp_path, "vtt")[0]
    read = captions(path)
    assert [(c.voice, c.text) for c in read][:2] == [
        ("person 0", "[happiness .86]"),
        ("person 1", "[sadness .86]"),
    ]
    assert "::cue(.happiness) { color: #f2b632 }" in path.read_text("utf-8")
    assert "<c.happiness>" in read[0].raw_text


def test_srt_says_who_one_time_at_a_time(tmp_path):
    read = captions(written(analysis(face_emotion=faces(TWO)), tmp_path, "srt")[0])
    assert read[0].text == "person 0: [happiness .86]\nperson 1: [sadness .86]"
    assert (read[1].start, read[1].text) == ("00:00:00.400", "person 0: [fear .86]")


def test_elan(tmp_path):
    import pympi

    path = written(analysis(face_emotion=faces(TWO)), tmp_path, "eaf")[0]
    read = pympi.Elan.Eaf(str(path))
    assert read.get_annotation_data_for_tier("face.emotion 0") == [
        (0, 400, "happiness"),
        (400, 600, "fear"),
        (1000, 1200, "fear"),
    ]
    assert read.get_linked_files()[0]["MEDIA_URL"] == "./talk.mp4"
    assert [a.label for a in read_eaf(path, tier="face.emotion 1")] == ["sadness"]


def test_praat(tmp_path):
    import pympi

    path = written(analysis(face_emotion=faces(TWO)), tmp_path, "textgrid")[0]
    read = pympi.Praat.TextGrid(str(path), codec="utf-8")
    assert (read.xmin, read.xmax) == (0, 9)
    assert list(read.get_tier("face.emotion 0").get_intervals()) == [
        (0, 0.4, "happiness"),
        (0.4, 0.6, "fear"),
        (0.6, 1.0, ""),
        (1.0, 1.2, "fear"),
        (1.2, 9, ""),
    ]


def events():
    scores = np.ones((3, 1), np.float32)
    return Timeline(SPEECH_ACTIVITY, scores, [(1, 1), (1, 1), (2.5, 2.5)])


def test_events_are_points_in_praat_and_a_millisecond_in_elan(tmp_path):
    import pympi

    found = analysis(face_events=events())
    grid = pympi.Praat.TextGrid(str(written(found, tmp_path, "textgrid")[0]), codec="utf-8")
    tier = grid.get_tier("face.events")
    assert tier.tier_type == "TextTier"
    assert list(tier.get_intervals()) == [(1.0, "speech, speech"), (2.5, "speech")]
    elan = pympi.Elan.Eaf(str(written(found, tmp_path, "eaf")[0]))
    assert [a[:2] for a in elan.get_annotation_data_for_tier("face.events")] == [
        (1000, 1001),
        (1001, 1002),
        (2500, 2501),
    ]


def labels_of(path):
    """Audacity's grammar: start, tab, end, tab, text; numbers in plain decimals, end >= start."""
    found = []
    for line in path.read_text("utf-8").split("\n")[:-1]:
        match = re.fullmatch(r"(\d+\.\d{6})\t(\d+\.\d{6})\t([^\t\r\n]*)", line)
        assert match, line
        assert float(match[1]) <= float(match[2])
        found.append((float(match[1]), float(match[2]), match[3]))
    return found


def test_audacity(tmp_path):
    first, second = written(analysis(face_emotion=faces(TWO)), tmp_path, "audacity")
    assert first.name == "talk.mp4.face.emotion-0.labels.txt"
    assert labels_of(first)[0] == (0.0, 0.4, "happiness")
    assert labels_of(second) == [(0.0, 0.4, "sadness")]


def database(found, folder):
    audformat = pytest.importorskip("audformat")
    header = written(found, folder, "audformat")[-1]
    return audformat.Database.load(str(header.parent))


def test_audformat(tmp_path):
    line = faces(TWO, abstain=np.array([0, 0, 1, 0, 0, 0], bool))
    table = database(analysis(face_emotion=line), tmp_path)["face.emotion.0"].df
    assert list(table.index.names) == ["file", "start", "end"]
    assert table.index[1][0] == "talk.mp4"
    assert table.index[1][1].total_seconds() == 0.2
    assert table["label"].astype(object).fillna("").tolist() == ["happiness", "", "fear", "fear"]
    np.testing.assert_allclose(table["happiness"].iloc[0], 0.86, atol=1e-6)


def test_audformat_keeps_rows_of_one_span_in_tables_of_their_own(tmp_path):
    found = database(analysis(face_events=events()), tmp_path)
    assert {name: len(found[name].df) for name in found.tables} == {
        "face.events": 2,
        "face.events.repeat-2": 1,
    }


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(tmp_path, name, text):
    found = analysis(f"../{text[:40]}/x.mp4", speech_transcript=spoken([text, "after"], step=4.0))
    assert_same(read_back(found, tmp_path, name), [*cut(text, name), "after"], name)


def cut(text, name):
    """What of one phrase is written as one piece."""
    shown = analysis(speech_transcript=spoken([text]))
    return [c.text for c in cues(shown)] if name in ("srt", "vtt") else [plain(text)]


def read_back(found, folder, name):
    if name == "audformat":
        table = database(found, folder)["speech.transcript"].df
        return table["text"].tolist()
    path = written(found, folder, name)[0]
    if name in ("srt", "vtt"):
        kind = "raw_text" if name == "srt" else "text"
        return [getattr(caption, kind).replace("\u2060", "") for caption in captions(path)]
    if name == "audacity":
        return [label for _, _, label in labels_of(path)]
    import pympi

    if name == "eaf":
        data = pympi.Elan.Eaf(str(path)).get_annotation_data_for_tier("speech.transcript")
        return [row[2] for row in data]
    grid = pympi.Praat.TextGrid(str(path), codec="utf-8")
    rows = grid.get_tier("speech.transcript").get_intervals()
    return [text for _, _, text in rows if text]


def assert_same(read, expected, name):
    if name == "vtt":  # this reader takes tags out before it resolves escapes, or not at all
        import html

        read = [html.unescape(text) for text in read]
    assert [" ".join(text.split()) for text in read] == expected


WORDS = st.text(min_size=1, max_size=120).filter(lambda text: plain(text).strip())
QUICK = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TIMES = st.floats(0, 4e4, allow_nan=False)


def test_audformat_words_that_pandas_takes_for_missing_come_back(tmp_path):
    """Somebody may say null, none, or nan; the list is that of pandas' own reader."""
    pandas_parsers = pytest.importorskip("pandas._libs.parsers")
    texts = sorted(pandas_parsers.STR_NA_VALUES - {""})
    found = analysis(speech_transcript=spoken(texts, step=3.0))
    assert_same(read_back(found, tmp_path, "audformat"), texts, "audformat")


@settings(QUICK, max_examples=15)
@given(texts=st.lists(WORDS, min_size=1, max_size=4))
@pytest.mark.parametrize("name", TIMED)
def test_any_words_come_back(tmp_path, name, texts):
    found = analysis(speech_transcript=spoken(texts, step=3.0))
    assert_same(read_back(found, tmp_path, name), [p for t in texts for p in cut(t, name)], name)


@settings(QUICK, max_examples=25)
@given(
    rows=st.lists(
        st.tuples(TIMES, st.one_of(st.just(0.0), st.floats(0, 30)), st.sampled_from(EKMAN7.labels),
                  st.integers(-1, 2)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_any_times_come_back_in_order(tmp_path, rows):
    import pympi

    line = faces([(start, start + length, label, who) for start, length, label, who in rows])
    found = analysis(face_emotion=line)
    expected = {
        tier: [(mark.start, mark.end, mark.text) for mark in lasting(marks)]
        for tier, marks in tiers(found).items()
    }
    elan = pympi.Elan.Eaf(str(written(found, tmp_path, "eaf")[0]))
    grid = pympi.Praat.TextGrid(str(written(found, tmp_path, "textgrid")[0]), codec="utf-8")
    for tier, marks in expected.items():
        assert elan.get_annotation_data_for_tier(tier) == marks
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(marks))
        assert all(start < end for start, end, _ in marks)
        read = [*grid.get_tier(tier).get_intervals()]
        if grid.get_tier(tier).tier_type == "IntervalTier":
            assert [(round(1000 * s), round(1000 * e), t) for s, e, t in read if t] == marks
            assert read[0][0] == 0
            assert read[-1][1] == grid.xmax
    for name in ("srt", "vtt"):
        shown = captions(written(found, tmp_path, name)[0])
        assert all(caption.start < caption.end for caption in shown)
        if name == "srt":
            assert all(a.end <= b.start for a, b in itertools.pairwise(shown))
    for path in written(found, tmp_path, "audacity"):
        assert labels_of(path)
    total = sum(len(table.df) for table in database(found, tmp_path / "db").tables.values())
    assert total == len(rows)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    found = analysis(face_emotion=faces(TWO), speech_transcript=spoken(["How nice."]))
    for name in TIMED:
        one, two = (written(found, Path(tmp_path / part), name) for part in "ab")
        assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
