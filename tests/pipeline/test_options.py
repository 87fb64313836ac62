import pytest

from openaffect.pipeline.options import Options
from openaffect.types import InvalidValueError, SourceNotFoundError, UnknownNameError


@pytest.mark.parametrize("wrong", [{"modality": "faces"}, {"license": "none"}, {"device": "gpu"}])
def test_unknown_names_say_what_is_known(wrong):
    with pytest.raises(UnknownNameError, match=next(iter(wrong))):
        Options(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"every": 0}, {"every": float("nan")}, {"threads": -1}, {"smooth": 0.0}]
)
def test_values_out_of_range(wrong):
    with pytest.raises(InvalidValueError, match=next(iter(wrong))):
        Options(**wrong)


def test_a_key_tells_choices_apart_that_change_results():
    assert Options().key() == Options(threads=3).key()
    assert Options().key() != Options(every=None).key()
    assert Options().key() != Options(smooth=1.0).key()


def test_a_baseline_counts_by_its_content(tmp_path):
    path = tmp_path / "calm.json"
    path.write_text("{}", encoding="utf-8")
    before = Options(baseline=str(path)).key()
    path.write_text("{ }", encoding="utf-8")
    assert Options(baseline=str(path)).key() != before


def test_a_baseline_that_is_not_there_is_told_before_anything_is_looked_at():
    with pytest.raises(SourceNotFoundError, match=r"nowhere\.json.*auto"):
        Options(baseline="nowhere.json")


def test_a_modality_is_wanted_alone():
    assert Options().wants("face")
    assert Options(modality="face").wants("face")
    assert not Options(modality="face").wants("speech")


def test_threads_are_counted_where_none_are_given():
    assert Options(threads=3).thread_count == 3
    assert 1 <= Options().thread_count <= 4
