"""The linear classifier of the speech recipes, and who is heard when it is chosen."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.recognize._base import softmax
from openaffect.train.recipes import (
    _speech,
    _speech_head,
    _speech_mixture,
    _speech_nested,
    _speech_network,
)
from openaffect.train.recipes._speech_head import Candidate, fit_linear, fit_ridges


def rows(count=40, width=12, classes=3, seed=0):
    random = np.random.default_rng(seed)
    label = np.arange(count) % classes
    label[: count // 4] = 0
    centre = random.normal(0, 1, (classes, width))
    return (centre[label] + random.normal(0, 1, (count, width)) * 3 + 5), label


def problem(versions, label, classes):
    """What is solved, written out: standardised rows with a one, targets, weights."""
    mean, deviation = versions[0].mean(axis=0), versions[0].std(axis=0) + 1e-6
    table = np.concatenate([(version - mean) / deviation for version in versions])
    labels = np.tile(label, len(versions))
    weight = len(labels) / np.bincount(labels, minlength=classes)[labels]
    return np.column_stack([table, np.ones(len(table))]), np.eye(classes)[labels], weight


@pytest.mark.parametrize("width", [5, 100])
def test_the_dual_is_the_closed_form_of_the_primal(width):
    table, label = rows(width=width)
    model = fit_linear([table, table * 1.1], label, 3, 4.0)
    design, targets, weight = problem([table, table * 1.1], label, 3)
    normal = design.T @ (design * weight[:, None]) + 4.0 * width * np.eye(width + 1)
    primal = np.linalg.solve(normal, design.T @ ((targets - 1 / 3) * weight[:, None]))
    assert model.weight == pytest.approx(primal[:-1], abs=1e-8)
    assert model.offset == pytest.approx(primal[-1], abs=1e-8)
    assert model.margins(table) == pytest.approx(design[: len(table)] @ primal, abs=1e-8)


def test_scikit_learn_finds_the_same():
    linear = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    table, label = rows()
    model = fit_linear([table], label, 3, 2.0)
    design, targets, weight = problem([table], label, 3)
    ridge = linear.Ridge(alpha=2.0 * 12, fit_intercept=False)
    ridge.fit(design, targets - 1 / 3, sample_weight=weight)
    assert model.margins(table) == pytest.approx(ridge.predict(design), abs=1e-6)
    # With a free offset the decisions are nearly those of the balanced ridge classifier.
    judge = linear.RidgeClassifier(alpha=2.0 * 12 / 3, class_weight="balanced")
    judge.fit(design[:, :-1], label)
    same = judge.predict(design[:, :-1]) == model.margins(table).argmax(axis=1)
    assert same.mean() >= 0.9


def test_a_class_without_rows_gets_no_say():
    table, label = rows()
    margins = fit_linear([table], label, 5, 4.0).margins(table)
    assert np.isfinite(margins).all()
    assert set(margins.argmax(axis=1)) <= {0, 1, 2}


def test_a_candidate_picks_its_layers_and_statistics():
    table = np.arange(2 * 3 * 3 * 4 * 4, dtype=np.float32).reshape(2, 3, 3, 4, 4)
    both = Candidate((0, 2), 4, 1.0).columns(table)
    assert both.shape == (2, 3, 32)
    assert np.array_equal(both[1, 2], table[1, 2, [0, 2]].ravel())
    mean = Candidate((1,), 1, 1.0).columns(table)
    assert np.array_equal(mean, table[:, :, 1, 0])


def corpus(speakers=6, each=12, classes=3, seed=0, first=0):
    """Rows whose very first feature tells the speaker."""
    random = np.random.default_rng(seed)
    count = speakers * each
    speaker = np.repeat(np.arange(speakers) + first, each)
    label = np.tile(np.arange(each) % classes, speakers)
    table = random.normal(0, 1, (2, count, 3, 4, 5)).astype(np.float32)
    table[..., 1] += label[:, None, None]
    table[..., 0] = speaker[:, None, None]
    names = np.array([f"s{number}" for number in speaker])
    return _speech.Corpus(table, label, names, tuple(range(classes)))


def test_folds_hold_whole_speakers():
    speaker = np.array(["b", "a", "c", "a", "d", "b", "e"])
    folds = _speech.speaker_folds(speaker, 3)
    assert np.sum(folds, axis=0).tolist() == [1] * len(speaker)
    for name in speaker:
        assert sum(fold[speaker == name].any() for fold in folds) == 1


def test_nothing_is_fitted_on_the_speakers_under_test(monkeypatch, context):
    heard = []

    def spy(versions, label, classes, ridges):
        heard.append({int(value) for version in versions for value in version[:, 0]})
        return fit_ridges(versions, label, classes, ridges)

    monkeypatch.setattr(_speech, "fit_ridges", spy)
    monkeypatch.setattr(_speech_mixture, "fit_ridges", spy)
    target, other = corpus(), corpus(first=100, speakers=4)
    folds = _speech.speaker_folds(target.speaker, 3)
    ends = []
    context.progress = lambda what, done, total: ends.append(len(heard))
    scores, chosen = _speech_nested.nested([other, target], 1, folds, 3, context)
    assert len(chosen) == len(ends) == 3
    assert scores.sum(axis=1) == pytest.approx(np.ones(len(target)))
    others = {100, 101, 102, 103}
    start = len(_speech.FAMILIES) * _speech.INNER_FOLDS  # chosen on the other corpus, once
    assert all(known < others for known in heard[:start])
    for fold, end in zip(folds, ends, strict=True):
        train = set(range(6)) - {int(value) for value in target.table[0, fold, 0, 0, 0]}
        *inner, first, second, likeness = heard[start:end]
        assert len(inner) == _speech.INNER_FOLDS
        assert all(known < train for known in inner)  # inside, too, whole speakers are held out
        assert (first, second, likeness) == (others, train, others | train)
        start = end


def test_the_answers_for_a_fold_do_not_depend_on_its_labels(context):
    one = corpus()
    folds = _speech.speaker_folds(one.speaker, 3)
    scores, chosen = _speech_nested.nested([one], 0, folds, 3, context)
    label = one.label.copy()
    label[folds[1]] = (label[folds[1]] + 1) % 3
    other = _speech.Corpus(one.table, label, one.speaker, one.classes)
    again, chosen_again = _speech_nested.nested([other], 0, folds, 3, context)
    assert np.array_equal(scores[folds[1]], again[folds[1]])
    assert chosen[1] == chosen_again[1]
    assert not np.array_equal(scores[folds[0]], again[folds[0]])


def test_a_decision_is_taken_among_the_classes_of_the_corpus():
    known = _speech.Corpus(np.zeros((1, 1, 3, 2, 1)), np.zeros(1, int), np.array(["a"]), (0, 2))
    assert _speech.decide(np.array([[0.1, 0.8, 0.3]]), known).tolist() == [2]


@pytest.mark.parametrize("count", [2, 4])
def test_the_graph_says_what_the_features_say(monkeypatch, context, count):
    torch = pytest.importorskip("torch")
    from openaffect.train.nets.whisper_encoder import WhisperEncoder

    torch.manual_seed(0)
    net = WhisperEncoder(4, width=64).eval()
    sound = np.random.default_rng(0).normal(0, 0.1, (24, 16_000)).astype(np.float32)
    table = np.stack([_speech_head.pooled(net, samples) for samples in sound])[None]
    assert table.shape == (1, 24, 3, 4, 64)
    label = np.arange(24) % 3
    one = _speech.Corpus(table, label, np.array(["a"] * 24), (0, 1, 2))
    candidate = Candidate((0, 1), count, 4.0)
    model = _speech.fit([one], [np.ones(24, bool)], candidate, 3)
    wanted = softmax(model.margins(candidate.columns(table[0])) * 5.0)
    from openaffect.preprocess.speech_mel import log_mel

    single = _speech_mixture.Mixture((model,), np.array([5.0]))
    graph = _speech_network.SpeechClassifier(net, candidate, single)
    mels = [log_mel(samples) for samples in sound]
    found = graph(torch.from_numpy(np.stack(mels)))[0].detach().numpy()
    assert found == pytest.approx(wanted, abs=1e-3)
    assert len(graph.net.layers) == 3  # what no candidate reads is left out
    path, (floats, integers) = _speech_network.export_speech(graph, context, "tiny", mels)
    assert path.name == "tiny.onnx"
    assert floats["largest_difference"] < 1e-3
    assert integers["largest_difference"] < 0.2
    assert integers["rows"] == 24
    rows = candidate.columns(table[0])
    weight = np.random.default_rng(1).normal(0, 1, (rows.shape[1], 2)) / rows.std(axis=0).sum()
    likeness = _speech_head.Linear(rows.mean(axis=0), np.ones(len(weight)), weight, np.zeros(2))
    other = _speech.fit([one], [np.arange(24) < 12], candidate, 3)
    mixed = _speech_mixture.Mixture((model, other), np.array([5.0, 15.0]), likeness)
    assert len(np.unique(mixed.shares(rows)[:, 0].round(3))) > 12
    graph = _speech_network.SpeechClassifier(net, candidate, mixed)
    found = graph(torch.from_numpy(np.stack(mels)))[0].detach().numpy()
    assert found == pytest.approx(softmax(mixed.log_odds(rows)), abs=2e-3)


def test_a_recording_is_told_by_the_corpus_that_it_sounds_like():
    near, far = corpus(seed=1), corpus(seed=2, first=50)
    far.table[..., 2] += 4
    far = _speech.Corpus(far.table, (far.label + 1) % 3, far.speaker, far.classes)
    both, everyone = [near, far], [np.ones(72, bool), np.ones(72, bool)]
    chosen = [(Candidate((0, 1, 2), 4, 4.0), 5.0), (Candidate((0, 1, 2), 4, 16.0), 9.0)]
    model = _speech_mixture.mixture(both, everyone, chosen, 3)
    for place, one in enumerate(both):
        rows = chosen[0][0].columns(one.table[0])
        alone = _speech.fit([one], [everyone[0]], chosen[place][0], 3)
        shares = model.shares(rows)
        assert shares.sum(axis=1) == pytest.approx(np.ones(72))
        own = shares[:, place] == 1
        assert own.mean() > 0.9
        wanted = alone.margins(rows[own]) * chosen[place][1]
        assert model.log_odds(rows[own]) == pytest.approx(wanted)
        # Labels are shifted by one between the two, so that the other head is hardly ever right.
        assert (model.log_odds(rows).argmax(axis=1) == one.label).mean() > 0.7
    between = (both[0].table[0] + both[1].table[0]) / 2
    rows = chosen[0][0].columns(between)
    share = model.shares(rows)
    assert np.median(share[:, 0]) == pytest.approx(0.5, abs=0.1)
    apart = [head.margins(rows) * scale for head, scale in zip(model.heads, (5, 9), strict=True)]
    wanted = share[:, :1] * apart[0] + share[:, 1:] * apart[1]
    assert model.log_odds(rows) == pytest.approx(wanted)


def test_the_first_corpus_chooses_the_statistics_and_each_its_ridge():
    both, everyone = [corpus(seed=1), corpus(seed=2, first=50)], [np.ones(72, bool)] * 2
    found = _speech_mixture.choices(both, everyone, 3, {})
    assert found[0] == _speech.choose(both[0], everyone[0], 3)
    one, other = found[0][0], found[1][0]
    assert (one.layers, one.statistics) == (other.layers, other.statistics)
    kept = _speech_mixture.choices(both, everyone, 3, dict(enumerate(found[:1])))
    assert kept == found


def test_loud_frames_are_near_the_loudest_and_the_statistics_are_numpys():
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(0)
    mel = random.normal(0, 0.1, (2, 80, 101)).astype(np.float32) - 1
    mel[0, :, 30:70] += 1  # 20 of 51 frames of the first are loud; all of the second are alike
    loud = _speech_head.loud_frames(torch.from_numpy(mel))
    assert loud.shape == (2, 51, 1)
    assert np.flatnonzero(loud[0, :, 0]).tolist() == list(range(15, 35))
    assert loud[1].sum() == 51
    output = random.normal(0, 1, (2, 51, 6)).astype(np.float32)
    found = _speech_head.statistics(torch.from_numpy(output), loud).numpy()
    part = output[0, 15:35]
    wanted = [output[0].mean(0), output[0].std(0), part.mean(0), part.std(0)]
    assert found[0] == pytest.approx(np.stack(wanted), abs=1e-5)


def test_the_loud_limit_is_numpys_quantile():
    torch = pytest.importorskip("torch")
    level = np.random.default_rng(1).uniform(-1.5, 1.5, 60).astype(np.float32)
    mel = np.repeat(np.repeat(level, 2)[None, None], 80, axis=1)
    loud = _speech_head.loud_frames(torch.from_numpy(mel))[0, :, 0].numpy()
    assert np.array_equal(loud > 0, level > np.percentile(level, 95) - 0.75)


def test_a_click_in_silence_is_no_reason_to_hear_it_alone():
    torch = pytest.importorskip("torch")
    mel = np.full((1, 80, 60), -1.5, np.float32)
    mel[:, :, :8] = 1.0
    assert _speech_head.loud_frames(torch.from_numpy(mel)).sum() == 30
