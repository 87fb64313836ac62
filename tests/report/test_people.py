import numpy as np
import pytest
from tests.pipeline.conftest import StubKit, clip  # noqa: F401

from openaffect.pipeline.analyze import Analyzer
from openaffect.pipeline.options import Options
from openaffect.pipeline.people_summary import summaries
from openaffect.report.people import thumbnails


def analysis(path, **options):
    return Analyzer(Options(modality="face", **options), kit=StubKit())(path)


def test_a_thumbnail_shows_the_face_of_the_peak(clip):  # noqa: F811
    found = analysis(clip)
    people = summaries(found)
    pictures = thumbnails(found, people, clip, side=48)
    assert len(pictures) == sum(len(one.peaks) for one in people) > 0
    for picture in pictures.values():
        assert picture.shape == (48, 48, 3)
        assert picture[16:32, 16:32].mean() > 200
        assert picture[:6].mean() < 60


def test_nobody_is_shown_when_asked_not_to(clip):  # noqa: F811
    found = analysis(clip, anonymize=True)
    assert thumbnails(found, summaries(found), clip) == {}


def test_wide_boxes_keep_their_shape():
    from openaffect.report.people import _cut

    image = np.zeros((40, 80, 3), np.uint8)
    image[10:30, 20:60] = 255
    picture = _cut(image, np.array([20, 10, 60, 30]), 60)
    assert picture[30, 30].tolist() == [255] * 3
    assert (picture[:, :, 0] > 127).mean() == pytest.approx(40 * 20 / 60**2, abs=0.02)
