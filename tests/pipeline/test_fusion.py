import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openaffect.pipeline.fusion import SHARED, TRUST, fuse
from openaffect.types import InvalidValueError, Timeline, scheme

PRIMARY8 = scheme("primary8")
SPEECH7 = scheme("emodb7")
EQUAL = {"face": 1.0, "speech": 1.0, "text": 1.0}


def line(scores, span, *, name="primary8", **extra):
    return Timeline(scheme(name), np.asarray(scores, np.float32), span, extra=extra)


def one(label, *, name="primary8", mass=0.93):
    labels = scheme(name).labels
    scores = np.full(len(labels), (1 - mass) / (len(labels) - 1))
    scores[labels.index(label)] = mass
    return scores


distributions = st.lists(st.floats(0.01, 1.0), min_size=8, max_size=8).map(
    lambda values: np.asarray(values) / np.sum(values)
)
starts = st.lists(st.integers(0, 8).map(lambda cell: cell * 0.5), min_size=1, unique=True)


@st.composite
def timelines(draw, **extra):
    begin = sorted(draw(starts))
    rows = [draw(distributions) for _ in begin]
    return line(rows, [(t, t + 0.5) for t in begin], **extra)


@given(timelines())
def test_one_stream_alone_is_that_stream(stream):
    fused = fuse({"speech.emotion": stream})
    np.testing.assert_allclose(fused.scores, stream.scores, atol=1e-5)
    np.testing.assert_allclose(fused.span, stream.span)
    assert (fused.extra["weight_speech"] == 1).all()
    assert (fused.extra["subject"] == -1).all()


@given(timelines(), timelines())
def test_rows_are_distributions_and_weights_sum_to_one(speech, text):
    fused = fuse({"speech.emotion": speech, "text.emotion": text})
    np.testing.assert_allclose(fused.scores.sum(axis=1), 1, atol=1e-5)
    weights = fused.extra["weight_speech"] + fused.extra["weight_text"]
    np.testing.assert_allclose(weights, 1, atol=1e-6)


@given(timelines(), timelines())
def test_order_of_streams_does_not_matter(speech, text):
    there = fuse({"speech.emotion": speech, "text.emotion": text})
    back = fuse({"text.emotion": text, "speech.emotion": speech})
    np.testing.assert_allclose(there.scores, back.scores, atol=1e-6)


def sharper(scores, weights):
    """Return the (N, 8) distributions to the power that the pool's weights call for."""
    power = 1 + SHARED * (1 / np.sum(np.square(weights)) - 1)
    raised = np.asarray(scores, np.float64) ** power
    return raised / raised.sum(axis=1, keepdims=True)


def entropy(scores):
    return -(scores * np.log(np.maximum(scores, 1e-12))).sum(axis=1)


@given(timelines())
def test_agreeing_streams_fuse_to_what_they_agree_on(stream):
    fused = fuse({"speech.emotion": stream, "text.emotion": stream}, trust=EQUAL)
    np.testing.assert_allclose(fused.scores, sharper(stream.scores, [0.5, 0.5]), atol=1e-4)


@given(
    st.lists(distributions, min_size=3, max_size=3),
    st.sets(st.sampled_from(["face", "speech", "text"]), min_size=1),
    st.dictionaries(st.sampled_from(["face", "speech", "text"]), st.booleans()),
    st.lists(st.just(0.0) | st.floats(0.01, 1), min_size=3, max_size=3),
)
def test_any_streams_that_are_there_are_enough(rows, there, silent, qualities):
    streams = {
        f"{name}.emotion": line(
            [row],
            [(0, 0.5)],
            quality=np.asarray([quality]),
            abstain=np.asarray([silent.get(name, False)]),
            **({"subject": np.asarray([0])} if name == "face" else {}),
        )
        for name, row, quality in zip(("face", "speech", "text"), rows, qualities, strict=True)
        if name in there
    }
    says = {
        name: stream
        for name, stream in streams.items()
        if not stream.extra["abstain"][0] and stream.extra["quality"][0] > 0
    }
    fused = fuse(streams)
    assert len(fused) == bool(says)
    if not says:
        return
    np.testing.assert_allclose(fused.scores.sum(axis=1), 1, atol=1e-5)
    for name in streams:
        weight = fused.extra[f"weight_{name.partition('.')[0]}"][0]
        assert (weight > 0) == (name in says)
    if len(says) == 1:
        np.testing.assert_allclose(fused.scores, next(iter(says.values())).scores, atol=1e-5)
    np.testing.assert_allclose(fused.scores, fuse(says).scores, atol=1e-5)


@given(st.lists(distributions, min_size=3, max_size=3))
def test_what_the_remaining_streams_share_is_never_made_surer_by_one_that_is_gone(rows):
    """Without the third stream the answer is no surer than the product of the two that are left."""
    two = [np.asarray(row, np.float64) for row in rows[:2]]
    fused = fuse(
        {
            "speech.emotion": line([rows[0]], [(0, 0.5)]),
            "text.emotion": line([rows[1]], [(0, 0.5)]),
            "face.emotion": line([rows[2]], [(0, 0.5)], abstain=np.asarray([True])),
        },
        trust=EQUAL,
    )
    product = two[0] * two[1] / (two[0] * two[1]).sum()
    assert entropy(fused.scores.astype(np.float64))[0] >= entropy(product[None])[0] - 1e-4


@given(timelines())
def test_a_stream_that_abstains_throughout_changes_nothing(stream):
    silent = line([one("anger")], [(0, 10)], abstain=np.asarray([True]))
    fused = fuse({"speech.emotion": stream, "text.emotion": silent})
    np.testing.assert_allclose(fused.scores, stream.scores, atol=1e-5)
    assert (fused.extra["weight_text"] == 0).all()


@given(timelines(), st.floats(0.05, 1.0))
def test_quality_common_to_all_cancels(stream, quality):
    other = line([one("fear")], [(0, 10)])
    plain = fuse({"speech.emotion": stream, "text.emotion": other})
    dim = {
        name: line(t.scores, t.span, quality=np.full(len(t), quality))
        for name, t in (("speech.emotion", stream), ("text.emotion", other))
    }
    np.testing.assert_allclose(fuse(dim).scores, plain.scores, atol=1e-4)


def test_the_pool_is_the_normalised_weighted_product():
    left, right = one("anger", mass=0.6), one("fear", mass=0.7)
    fused = fuse(
        {
            "speech.emotion": line([left], [(0, 0.5)]),
            "text.emotion": line([right], [(0, 0.5)], quality=np.asarray([0.5])),
        },
        trust=EQUAL,
    )
    product = left ** (2 / 3) * right ** (1 / 3)
    expected = sharper(product[None], [2 / 3, 1 / 3])[0]
    np.testing.assert_allclose(fused.scores[0], expected, atol=1e-5)
    np.testing.assert_allclose(fused.extra["weight_speech"], [2 / 3], atol=1e-6)


def test_trust_scales_a_stream():
    streams = {
        "speech.emotion": line([one("anger")], [(0, 0.5)]),
        "text.emotion": line([one("fear")], [(0, 0.5)]),
    }
    fused = fuse(streams, trust=EQUAL | {"speech": 3.0})
    np.testing.assert_allclose(fused.extra["weight_speech"], [0.75], atol=1e-6)


def test_a_half_covered_cell_counts_half():
    fused = fuse(
        {
            "speech.emotion": line([one("anger")], [(0, 0.25)]),
            "text.emotion": line([one("fear")], [(0, 0.5)]),
        },
        trust=EQUAL,
    )
    np.testing.assert_allclose(fused.extra["weight_speech"], [1 / 3], atol=1e-6)


def test_rows_within_a_cell_average_by_overlap():
    rows = line([one("anger"), one("fear")], [(0, 0.4), (0.4, 0.5)])
    fused = fuse({"speech.emotion": rows})
    np.testing.assert_allclose(fused.scores[0], 0.8 * one("anger") + 0.2 * one("fear"), atol=1e-5)


def test_a_label_that_a_scheme_lacks_is_no_vote_against_it():
    face = line([one("surprise", mass=0.93)], [(0, 0.5)], subject=np.asarray([0]))
    voice = line([np.full(7, 1 / 7)], [(0, 0.5)], name="emodb7")
    fused = fuse({"face.emotion": face, "speech.emotion": voice})
    surprise = PRIMARY8.index("surprise")
    assert fused.best() == ["surprise"]
    assert fused.scores[0, surprise] > 0.9


def test_boredom_has_no_place_and_so_little_weight():
    bored = line([one("boredom", name="emodb7", mass=0.94)], [(0, 0.5)], name="emodb7")
    words = line([one("happiness")], [(0, 0.5)])
    fused = fuse({"speech.emotion": bored, "text.emotion": words}, trust=EQUAL)
    np.testing.assert_allclose(fused.extra["weight_speech"], [0.06 / 1.06], atol=1e-4)


def test_multilabel_text_is_read_through_the_groupings():
    labels = scheme("goemotions28").labels
    scores = np.zeros(28)
    scores[labels.index("joy")] = 0.9
    fused = fuse({"text.emotion": line([scores], [(0, 0.5)], name="goemotions28")})
    assert fused.best() == ["happiness"]


def test_voice_joins_the_only_face_in_sight():
    face = line([one("anger")], [(0, 0.5)], subject=np.asarray([4]))
    voice = line([one("fear")], [(0, 1.0)])
    fused = fuse({"face.emotion": face, "speech.emotion": voice}, trust=EQUAL)
    assert fused.extra["subject"].tolist() == [4, -1]
    np.testing.assert_allclose(fused.extra["weight_speech"], [0.5, 1.0])


def test_voice_among_several_faces_belongs_to_nobody():
    faces = line([one("anger"), one("fear")], [(0, 0.5)] * 2, subject=np.asarray([0, 1]))
    voice = line([one("sadness")], [(0, 0.5)])
    fused = fuse({"face.emotion": faces, "speech.emotion": voice})
    assert fused.extra["subject"].tolist() == [-1, 0, 1]
    assert fused.extra["weight_speech"].tolist() == [1, 0, 0]
    assert fused.best() == ["sadness", "anger", "fear"]


def test_voice_among_several_faces_joins_the_one_that_is_seen_to_speak():
    faces = line([one("anger"), one("fear")], [(0, 0.5)] * 2, subject=np.asarray([0, 1]))
    voice = line([one("sadness")], [(0, 0.5)])
    turns = Timeline(
        scheme("speaker-turns"), [[0.9]], [(0, 0.5)], extra={"subject": np.asarray([1])}
    )
    fused = fuse({"face.emotion": faces, "speech.emotion": voice}, speaking=turns, trust=EQUAL)
    assert fused.extra["subject"].tolist() == [0, 1]
    np.testing.assert_allclose(fused.extra["weight_speech"], [0, 0.5])


def test_somebody_out_of_sight_who_speaks_has_a_row_apart():
    faces = line([one("anger"), one("fear")], [(0, 0.5)] * 2, subject=np.asarray([0, 1]))
    turns = Timeline(
        scheme("speaker-turns"), [[0.9]], [(0, 0.5)], extra={"subject": np.asarray([7])}
    )
    streams = {"face.emotion": faces, "speech.emotion": line([one("sadness")], [(0, 0.5)])}
    assert fuse(streams, speaking=turns).extra["subject"].tolist() == [-1, 0, 1]


def test_trust_has_a_factor_for_each_stream_of_an_analysis():
    assert set(TRUST) == {"face", "speech", "text"}
    assert min(TRUST.values()) > 0
    assert 0 <= SHARED <= 1


def test_nothing_at_all_fuses_to_no_rows():
    empty = Timeline.empty(PRIMARY8, coverage=[(0, 2)])
    fused = fuse({"face.emotion": empty})
    assert len(fused) == 0
    assert fused.coverage.tolist() == [[0, 2]]
    assert len(fuse({})) == 0


def test_coverage_is_what_any_stream_looked_at():
    fused = fuse(
        {
            "face.emotion": Timeline.empty(PRIMARY8, coverage=[(0, 2)]),
            "speech.emotion": Timeline.empty(SPEECH7, coverage=[(1, 3), (5, 6)]),
        }
    )
    assert fused.coverage.tolist() == [[0, 3], [5, 6]]


def test_a_row_without_length_speaks_for_its_cell():
    fused = fuse({"face.emotion": line([one("anger")], [(0.7, 0.7)])})
    assert fused.span.tolist() == [[0.5, 1.0]]


@pytest.mark.parametrize("every", [0, -1, float("nan")])
def test_a_grid_that_is_not_positive_is_refused(every):
    with pytest.raises(InvalidValueError, match="positive"):
        fuse({}, every=every)


def test_characters_cannot_be_fused():
    text = Timeline(PRIMARY8, [one("anger")], [(0, 5)], unit="char")
    with pytest.raises(InvalidValueError, match=r"text\.emotion"):
        fuse({"text.emotion": text})


def test_dimensions_cannot_be_fused():
    affect = Timeline(scheme("valence-arousal"), [[0.1, 0.2]], [(0, 1)])
    with pytest.raises(InvalidValueError, match="valence-arousal"):
        fuse({"face.affect": affect})


def test_two_timelines_of_one_stream_are_refused():
    stream = line([one("anger")], [(0, 1)])
    with pytest.raises(InvalidValueError, match="one stream"):
        fuse({"text.emotion": stream, "text.ekman": stream})
