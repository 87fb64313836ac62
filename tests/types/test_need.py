import json

import pytest

from openaffect.types import MissingDependencyError, nearest, need


def test_an_installed_library_is_returned():
    assert need("json", extra="tables") is json


@pytest.mark.parametrize("name", ["no_such_library", "no_such_library.part"])
def test_an_absent_library_says_how_to_install_it(name):
    with pytest.raises(MissingDependencyError, match=r"pip install 'openaffect\[tables\]'"):
        need(name, extra="tables")


def test_an_error_from_inside_a_library_is_not_hidden(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import not_there_either\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="not_there_either") as caught:
        need("half_installed", extra="tables")
    assert not isinstance(caught.value, MissingDependencyError)


def test_an_absent_part_of_an_installed_library_is_told_as_missing():
    with pytest.raises(MissingDependencyError, match=r"json\.nowhere"):
        need("json.nowhere", extra="tables")


def test_nearest_is_a_suggestion_or_nothing():
    assert nearest("hapiness", ["happiness", "fear"]) == "; did you mean 'happiness'?"
    assert nearest("xyz", ["happiness", "fear"]) == ""
    assert nearest(float("nan"), ["happiness"]) == ""
