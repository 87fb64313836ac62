"""Columns in, rows out."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openaffect.io.tables import read_column, write_csv, write_json, write_jsonl, write_parquet
from openaffect.types import (
    InvalidValueError,
    MediaError,
    MissingDependencyError,
    UnknownNameError,
)

ROWS = [
    {"file": "a", "start": 0.5, "label": "joy, deep", "score": np.float32(0.25)},
    {"file": "b\n", "start": float("nan"), "label": '"Größe"', "score": np.float32(1)},
]
CELLS = st.text(
    st.characters(exclude_characters="\x00\r\n", exclude_categories=["Cs"]), max_size=20
)


def written(tmp_path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_column(tmp_path, delimiter, encoding):
    text = 'id,text,x\r\n1,"a, ""b""\nc",2\r\n\r\n2,ü,3\r\n3\r\n'.replace(",", delimiter)
    path = written(tmp_path, "a.csv", text, encoding)
    quoted = f'a{delimiter} "b"\nc'
    assert list(read_column(path, "text")) == [(0, quoted), (1, "ü"), (2, "")]


def test_json_lines_column(tmp_path):
    text = '{"text": "a"}\n\n{"text": null}\n{"text": 3, "x": [1]}\n{"text": "\\u00fc"}'
    path = written(tmp_path, "a.jsonl", text)
    assert list(read_column(path, "text")) == [(0, "a"), (1, ""), (2, "3"), (3, "ü")]


def test_missing_column_names_the_nearest(tmp_path):
    path = written(tmp_path, "a.csv", "id,sentence\n1,x\n")
    with pytest.raises(UnknownNameError, match=r"did you mean 'sentence'.*'id', 'sentence'"):
        list(read_column(path, "sentense"))
    path = written(tmp_path, "a.jsonl", '{"text": "a"}\n{"txt": "b"}\n')
    with pytest.raises(UnknownNameError, match="line 2"):
        list(read_column(path, "text"))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"text\n\xff\xfe\n", "UTF-8"),
        ("a.csv", b"text\n" + b"x" * 200_000, "line 2"),
        ("a.csv", b"", "empty"),
        ("a.jsonl", b'{"text": "a"}\nnot json\n', "line 2 is no JSON"),
        ("a.jsonl", b"[1]\n", "line 1 is a list"),
        ("a.jsonl", b'{"text": {"a": 1}}\n', "holds a dict"),
        ("a.jsonl", b'{"text": "\xff"}\n', "UTF-8"),
        ("a.jsonl", b"[" * 100_000, "no JSON"),
    ],
)
def test_broken_tables(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(MediaError, match=message):
        list(read_column(tmp_path / name, "text"))


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl"]))
def test_any_bytes_are_a_table_or_a_named_error(tmp_path_factory, data, name):
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(data)
    try:
        assert all(isinstance(cell, str) for _, cell in read_column(path, "text"))
    except (MediaError, UnknownNameError) as error:
        assert name in str(error)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=10))
@settings(max_examples=50)
def test_what_is_written_reads_back(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("round")
    rows = [{"id": number, "text": text, "x": other} for number, (text, other) in enumerate(pairs)]
    expected = [(number, text) for number, (text, _) in enumerate(pairs)]
    assert list(read_column(write_csv(folder / "a.csv", rows), "text")) == expected
    assert list(read_column(write_jsonl(folder / "a.jsonl", rows), "text")) == expected


def test_csv_as_another_reader_sees_it(tmp_path):
    path = write_csv(tmp_path / "out" / "a.csv", iter(ROWS))
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"file": "a", "start": "0.5", "label": "joy, deep", "score": "0.25"}
    assert rows[1] == {"file": "b\n", "start": "", "label": '"Größe"', "score": "1.0"}


def test_csv_columns(tmp_path):
    path = write_csv(tmp_path / "a.csv", [], columns=["x", "y"])
    assert path.read_text() == "x,y\n"
    assert write_csv(tmp_path / "b.csv", [{"y": 1}], columns=["x", "y"]).read_text() == "x,y\n,1\n"
    assert write_csv(tmp_path / "c.csv", []).read_text() == ""
    with pytest.raises(InvalidValueError, match=r"row 1 has \['z'\]"):
        write_csv(tmp_path / "d.csv", [{"x": 1}, {"z": 2}])
    assert not (tmp_path / "d.csv").exists()


def test_json_has_no_nan(tmp_path):
    value = {"a": float("nan"), "b": np.arange(3), "c": (1, Path("x")), "d": np.float32(np.inf)}
    path = write_json(tmp_path / "a.json", value)
    assert json.loads(path.read_text()) == {"a": None, "b": [0, 1, 2], "c": [1, "x"], "d": None}
    lines = write_jsonl(tmp_path / "a.jsonl", ROWS).read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1])["start"] is None and "Größe" in lines[1]


def test_what_json_cannot_hold(tmp_path):
    with pytest.raises(InvalidValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"a": object()})
    assert not list(tmp_path.iterdir())


def test_parquet_as_pandas_sees_it(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    rows = [{"subject": "", "score": 0.5}, {"subject": 3, "score": float("nan")}]
    frame = pandas.read_parquet(write_parquet(tmp_path / "a.parquet", rows))
    assert frame["subject"].tolist() == ["", "3"]
    assert frame["score"][0] == 0.5 and frame["score"].isna()[1]


def test_parquet_without_its_library(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r"openaffect\[tables\]"):
        write_parquet(tmp_path / "a.parquet", ROWS)
