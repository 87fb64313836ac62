import json

import numpy as np

from openaffect.pipeline.follow import Follower
from openaffect.preprocess.track import Tracker

BOX = np.array([[10.0, 10, 60, 60], [200.0, 10, 250, 60]])
DAY = np.tile(np.arange(32, dtype=np.uint8) * 7, (18, 1))
NIGHT = np.tile(np.arange(32, dtype=np.uint8)[::-1] // 2, (18, 1))


def test_a_cut_moves_people_and_not_their_numbers():
    follower = Follower(Tracker())
    looks = np.eye(4)[:2]
    assert follower.follow(0.0, BOX, looks, DAY).tolist() == [0, 1]
    resumed = Follower(Tracker())
    resumed.restore(json.loads(json.dumps(follower.state())))
    for one in (follower, resumed):
        assert one.follow(0.2, BOX, looks[::-1], NIGHT).tolist() == [1, 0]
    assert follower.state() == resumed.state()


def test_without_looks_and_glances_places_decide():
    follower = Follower(Tracker())
    assert follower.follow(0.0, BOX, None, None).tolist() == [0, 1]
    assert follower.follow(0.2, BOX[::-1], None, DAY).tolist() == [1, 0]
