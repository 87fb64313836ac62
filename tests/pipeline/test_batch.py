import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openaffect.pipeline.batch import analyze_many
from openaffect.pipeline.manifest import NAME
from openaffect.pipeline.options import Options
from openaffect.types import (
    Analysis,
    InvalidValueError,
    MediaError,
    OutputError,
    SourceNotFoundError,
    Timeline,
    UnknownNameError,
    scheme,
)


class Reader:
    """Stands for an analyzer: the text's length decides, a few words do what they say."""

    def __init__(self, options):
        self.options = options
        self.read = []

    def __call__(self, source, *, work=None, progress):
        path = Path(source)
        if not path.exists():
            raise SourceNotFoundError(f"there is no file {source}")
        text = path.read_text("utf-8")
        self.read.append(path.name)
        progress("text", 0, len(text))
        if text == "bad":
            raise MediaError(f"{path.name} cannot be read")
        if text == "bug":
            raise KeyError("nobody expected this")
        if text == "interrupt":
            raise KeyboardInterrupt
        if text == "interrupt the parent":
            os.kill(os.getppid(), signal.SIGINT)
        if text == "die":
            os._exit(9)
        if text == "wait":
            while True:
                progress("text", 1, None)
        scores = np.full((3, 2), len(text) / 100)
        line = Timeline(
            scheme("valence-arousal"),
            scores,
            [(0, 1), (1, 2), (2, 3)],
            extra={
                "text": ["a", "b,\n", "ç"],
                "box": np.zeros((3, 4), np.float32),
                "subject": [0, 0, -1],
            },
        )
        return Analysis(str(source), {"modality": "text"}, {"text.affect": line}, (), ("hm",))


@pytest.fixture
def texts(tmp_path):
    def make(*contents):
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"{number:02d}.txt" for number in range(len(contents))]
        for path, text in zip(paths, contents, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return make


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_outcomes_come_in_order_and_one_bad_item_stops_nobody(texts, tmp_path):
    paths = texts("one", "bad", "bug", "four")
    out = tmp_path / "out"
    outcomes = list(analyze_many(paths, out=out, make=Reader))
    assert [o.status for o in outcomes] == ["done", "failed", "failed", "done"]
    assert outcomes[1].error == "01.txt cannot be read"
    assert outcomes[1].error_type == "MediaError"
    assert "nobody expected this" in outcomes[2].error
    assert outcomes[0].files == (out / "00.txt.json",)
    assert outcomes[0].warnings == ("hm",)
    assert outcomes[0].summary[0]["rows"] == 3
    assert outcomes[0].analysis is None
    lines = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    assert [line["status"] for line in lines] == ["done", "failed", "failed", "done"]
    assert lines[1]["error"] == "01.txt cannot be read"
    assert not (out / ".work").exists()


def test_without_a_folder_the_analysis_comes_along(texts):
    (outcome,) = analyze_many(texts("one"), make=Reader)
    assert outcome.analysis["text.affect"].scores[0, 0] == pytest.approx(0.03)
    assert outcome.files == ()


def test_every_format(texts, tmp_path):
    pytest.importorskip("pyarrow")
    formats = ("csv", "json", "jsonl", "parquet")
    (outcome,) = analyze_many(texts("one"), out=tmp_path / "out", formats=formats, make=Reader)
    assert [path.name for path in outcome.files] == [
        "00.txt.text.affect.csv",
        "00.txt.json",
        "00.txt.jsonl",
        "00.txt.text.affect.parquet",
    ]
    table = outcome.files[0].read_text("utf-8").splitlines()
    assert table[0] == (
        "file,start,end,subject,label,valence,arousal,text,box_x0,box_y0,box_x1,box_y1"
    )
    whole = Analysis.from_dict(json.loads(outcome.files[1].read_text("utf-8")))
    assert whole["text.affect"].extra["text"].tolist() == ["a", "b,\n", "ç"]
    rows = [json.loads(line) for line in outcome.files[2].read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == ["a", "b,\n", "ç"]
    assert rows[0]["timeline"] == "text.affect"


def test_an_unknown_format_is_refused_at_once(texts, tmp_path):
    with pytest.raises(UnknownNameError, match="csv"):
        analyze_many(texts("one"), out=tmp_path, formats=("csw",), make=Reader)


def test_same_names_are_told_apart_and_doubles_done_once(tmp_path):
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "same.txt")
        paths[-1].write_text(folder)
    outcomes = list(analyze_many([*paths, paths[0]], out=tmp_path / "out", make=Reader))
    assert len(outcomes) == 2
    assert len({outcome.files for outcome in outcomes}) == 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kinds=st.lists(st.sampled_from(["x", "yy", "bad", "bug"]), min_size=1, max_size=6),
    stop=st.integers(0, 5),
)
def test_killed_after_any_item_a_resumed_run_leaves_the_same_bytes(kinds, stop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    paths = [folder / f"{number}.txt" for number in range(len(kinds))]
    for path, kind in zip(paths, kinds, strict=True):
        path.write_text(kind)
    whole, broken = folder / "whole", folder / "broken"
    list(analyze_many(paths, out=whole, make=Reader))

    class Stopping(Reader):
        def __call__(self, source, **options):
            if len(self.read) == stop:
                raise KeyboardInterrupt
            return super().__call__(source, **options)

    if stop < len(paths):
        with pytest.raises(KeyboardInterrupt):
            list(analyze_many(paths, out=broken, make=Stopping))
    readers = []

    def make(options):
        readers.append(Reader(options))
        return readers[-1]

    outcomes = list(analyze_many(paths, out=broken, resume=True, make=make))
    assert contents(broken) == contents(whole)
    done_before = [n for n in range(min(stop, len(kinds))) if kinds[n] in ("x", "yy")]
    statuses = [outcome.status for outcome in outcomes]
    assert [n for n, status in enumerate(statuses) if status == "skipped"] == (
        done_before if stop < len(paths) else []
    )


@pytest.mark.parametrize("resume", [True, False])
def test_unfinished_work_is_taken_up_only_by_a_resumed_run(texts, tmp_path, resume):
    left = tmp_path / "out" / ".work" / "00.txt" / "face.000000.npz"
    left.parent.mkdir(parents=True)
    left.touch()
    seen = []

    def make(options):
        reader = Reader(options)

        def analyze(source, *, work, progress):
            seen.append((work / left.name).exists())
            return reader(source, work=work, progress=progress)

        return analyze

    list(analyze_many(texts("one"), out=tmp_path / "out", resume=resume, make=make))
    assert seen == [resume]


def test_what_changed_is_done_again(texts, tmp_path):
    paths = texts("one", "two")
    out = tmp_path / "out"
    list(analyze_many(paths, out=out, make=Reader))
    paths[1].write_text("three")
    again = list(analyze_many(paths, out=out, resume=True, make=Reader))
    assert [outcome.status for outcome in again] == ["skipped", "done"]
    assert again[0].files == (out / "00.txt.json",)
    assert again[0].summary[0]["rows"] == 3
    (out / "00.txt.json").unlink()
    last = list(analyze_many(paths, out=out, resume=True, make=Reader))
    assert [outcome.status for outcome in last] == ["done", "skipped"]


@pytest.mark.parametrize("change", [{"options": Options(every=1.0)}, {"formats": ("jsonl",)}])
def test_other_choices_are_other_work(texts, tmp_path, change):
    paths = texts("one")
    list(analyze_many(paths, out=tmp_path / "out", make=Reader))
    again = list(analyze_many(paths, out=tmp_path / "out", resume=True, make=Reader, **change))
    assert [outcome.status for outcome in again] == ["done"]


def test_the_number_of_threads_does_not_make_other_work(texts, tmp_path):
    paths = texts("one")
    list(analyze_many(paths, out=tmp_path / "out", make=Reader))
    again = analyze_many(
        paths, out=tmp_path / "out", resume=True, make=Reader, options=Options(threads=3)
    )
    assert [outcome.status for outcome in again] == ["skipped"]


def test_a_torn_manifest_is_read_as_far_as_it_goes(texts, tmp_path):
    paths = texts("one", "two")
    out = tmp_path / "out"
    list(analyze_many(paths, out=out, make=Reader))
    whole = contents(out)
    manifest = out / NAME
    manifest.write_bytes(manifest.read_bytes()[:-40])
    again = list(analyze_many(paths, out=out, resume=True, make=Reader))
    assert [outcome.status for outcome in again] == ["skipped", "done"]
    assert contents(out) == whole


def test_a_folder_that_cannot_be_written(texts, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="file"):
        analyze_many(texts("one"), out=tmp_path / "file" / "out", make=Reader)


def test_a_disk_that_fills_fails_that_item(texts, tmp_path, monkeypatch):
    from openaffect.pipeline import task

    write = task.write_outputs

    def full(analysis, folder, name, formats):
        if name.startswith("00"):
            raise OutputError("no space left on the disk")
        return write(analysis, folder, name, formats)

    monkeypatch.setattr(task, "write_outputs", full)
    outcomes = list(analyze_many(texts("one", "two"), out=tmp_path / "out", make=Reader))
    assert [outcome.status for outcome in outcomes] == ["failed", "done"]


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"resume": True}])
def test_choices_that_make_no_sense(texts, wrong):
    with pytest.raises(InvalidValueError):
        analyze_many(texts("one"), make=Reader, **wrong)


def test_worker_processes_give_the_same_bytes_in_the_same_order(texts, tmp_path):
    paths = texts("one", "bad", "three", "four", "five")
    alone = list(analyze_many(paths, out=tmp_path / "alone", make=Reader))
    shared = list(analyze_many(paths, out=tmp_path / "shared", make=Reader, jobs=2))
    assert [o.status for o in shared] == [o.status for o in alone]
    assert contents(tmp_path / "shared") == contents(tmp_path / "alone")


def test_a_worker_that_dies_costs_its_item_only(texts, tmp_path):
    paths = texts("one", "die", "three")
    outcomes = list(analyze_many(paths, out=tmp_path / "out", make=Reader, jobs=2))
    assert [outcome.status for outcome in outcomes] == ["done", "failed", "done"]
    assert "memory" in outcomes[1].error


@pytest.fixture
def interruptible():
    """A run in the background ignores SIGINT, and would wait here for ever."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(os.name != "posix", reason="a worker sends its parent SIGINT")
def test_an_interruption_stops_the_workers_and_keeps_what_is_done(texts, tmp_path):
    paths = texts("one", "wait", "three", "interrupt the parent")
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        list(analyze_many(paths, out=out, make=Reader, jobs=2))
    records = [json.loads(line) for line in (out / NAME).read_text().splitlines()]
    assert {Path(record["source"]).name for record in records} == {"00.txt", "02.txt", "03.txt"}
    assert not list(out.rglob("*.partial"))
    paths[1].write_text("two")
    again = list(analyze_many(paths, out=out, make=Reader, resume=True))
    assert [outcome.status for outcome in again] == ["skipped", "done", "skipped", "skipped"]
