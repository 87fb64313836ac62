import numpy as np
import pytest

from openaffect.io.audio import write_wav
from openaffect.io.image import write_image
from openaffect.pipeline.analyze import Analyzer
from openaffect.pipeline.options import Options
from openaffect.pipeline.run import ORDER
from openaffect.types import (
    Analysis,
    InvalidValueError,
    MediaError,
    SourceNotFoundError,
    UnknownNameError,
    WeightsUnavailableError,
)

from .conftest import RATE, StubKit, peaked, picture, speech, write_video


def run(source, kit, *, work=None, **options):
    return Analyzer(Options(**options), kit=kit)(source, work=work)


def test_a_picture_gives_a_row_a_face(tmp_path, kit):
    path = write_image(tmp_path / "two.png", picture([(10, 10), (100, 50)]))
    analysis = run(path, kit)
    emotion = analysis["face.emotion"]
    assert emotion.unit == "whole"
    assert emotion.best() == ["happiness", "happiness"]
    assert emotion.extra["subject"].tolist() == [0, 1]
    assert emotion.extra["box"].tolist() == [[10, 10, 34, 34], [100, 50, 124, 74]]
    assert emotion.extra["abstain"].tolist() == [False, False]
    courses = ("dynamic", "eyes", "gaze", "events", "engagement")  # a picture has none
    expected = [name for name in ORDER if name.startswith("face.") and name[5:] not in courses]
    assert list(analysis.timelines) == expected
    assert analysis.facts == {"modality": "image", "width": 160, "height": 96}
    assert analysis["face.action_units"].scheme.name == "facs-au"
    assert [card.name for card in analysis.cards] == ["stub-face"]


def test_nobody_in_a_picture_is_no_rows(tmp_path, kit):
    analysis = run(write_image(tmp_path / "black.png", picture([])), kit)
    assert len(analysis["face.emotion"]) == 0
    assert analysis.warnings == ()


def test_a_poor_face_abstains(tmp_path, kit):
    path = write_image(tmp_path / "one.png", picture([(10, 10)]))
    parts = kit.faces

    def poor(notes):
        from dataclasses import replace

        whole = parts(notes)
        return replace(
            whole,
            find=lambda image: replace(whole.find(image), quality=np.asarray([0.1], np.float32)),
        )

    kit.faces = poor
    assert run(path, kit)["face.emotion"].extra["abstain"].tolist() == [True]


def test_a_video_gives_every_stream_and_their_fusion(clip, kit):
    analysis = run(clip, kit)
    absent = {f"speech.{name}" for name in ("prosody", "voice", "strength", "speakers")}
    absent |= {"speech.diarization", "text.affect", "text.roles"}
    absent |= {"text.dialogue", "text.situation"}
    assert set(ORDER) - set(analysis.timelines) == absent
    emotion = analysis["face.emotion"]
    assert emotion.span[0].tolist() == [0.0, pytest.approx(0.2)]
    np.testing.assert_allclose(emotion.coverage, [[0, 8]], atol=0.11)
    assert set(emotion.extra["subject"].tolist()) == {0, 1}
    second = emotion.select(emotion.extra["subject"] == 1)
    assert second.span[0, 0] == pytest.approx(4.0, abs=0.11)
    assert analysis.facts["duration"] == pytest.approx(8, abs=0.2)
    assert analysis.warnings == ()
    assert Analysis.from_dict(analysis.to_dict()).equals(analysis)


def test_speech_is_looked_at_only_where_somebody_speaks(clip, kit):
    analysis = run(clip, kit)
    activity = analysis["speech.activity"]
    np.testing.assert_allclose(activity.span, [[1, 3], [5, 7]], atol=0.25)
    np.testing.assert_allclose(activity.coverage, [[0, 8]], atol=0.25)
    windows = analysis["speech.emotion"]
    assert all(
        any(a - 1e-6 <= s and e <= b + 1e-6 for a, b in activity.span) for s, e in windows.span
    )
    np.testing.assert_allclose(windows.coverage, activity.coverage)
    assert sorted(set(windows.extra["utterance"].tolist())) == [0, 1]
    utterances = analysis["speech.utterances"]
    np.testing.assert_allclose(utterances.span, activity.span, atol=1e-3)
    assert utterances.best() == ["happiness", "happiness"]


def test_the_words_of_a_recording_count_in_seconds(clip, kit):
    analysis = run(clip, kit)
    text = analysis["text.emotion"]
    assert text.unit == "s"
    assert text.extra["text"].tolist()[:2] == ["I am so happy.", "It was late."]
    spoken = analysis["speech.transcript"].span
    assert text.span[0, 0] == pytest.approx(spoken[0, 0], abs=0.2)
    assert text.span[1, 1] == pytest.approx(spoken[0, 1], abs=0.2)
    assert text.span[0, 1] < text.span[1, 0] + 1e-9


def test_fusion_says_who_contributed(clip, kit):
    fused = run(clip, kit)["fused.emotion"]
    assert fused.scheme.name == "primary8"
    early = fused.select(fused.span[:, 1] <= 4)
    assert set(early.extra["subject"].tolist()) == {0}
    speaking = early.select((early.span[:, 0] >= 1.5) & (early.span[:, 1] <= 2.5))
    assert (speaking.extra["weight_speech"] > 0).all()
    late = fused.select((fused.span[:, 0] >= 5.5) & (fused.span[:, 1] <= 6.5))
    assert set(late.extra["subject"].tolist()) == {-1, 0, 1}


@pytest.mark.parametrize(
    ("missing", "gone", "left"),
    [
        ("faces", "face.", "speech.emotion"),
        ("voice", "speech.", "face.emotion"),
        ("words", "text.", "speech.transcript"),
    ],
)
def test_a_missing_model_costs_its_timelines_only(clip, missing, gone, left):
    analysis = run(clip, StubKit(missing=(missing,)))
    assert not [name for name in analysis.timelines if name.startswith(gone)]
    assert left in analysis.timelines
    assert "fused.emotion" in analysis.timelines
    assert len(analysis.warnings) == 1
    assert "not on this machine" in analysis.warnings[0]


def test_a_model_that_fails_on_the_way_is_noted(clip, kit):
    def gone(notes):
        raise WeightsUnavailableError("silero-vad is not here; run openaffect models pull")

    kit.voice = gone
    analysis = run(clip, kit)
    assert "speech.emotion" not in analysis.timelines
    assert "models pull" in analysis.warnings[0]


def test_without_any_model_nothing_is_made_up(clip):
    with pytest.raises(WeightsUnavailableError, match=r"face-mesh-468 .* silero-vad"):
        run(clip, StubKit(missing=("faces", "voice", "words")))


def test_geometry_goes_on_without_emotion(clip):
    analysis = run(clip, StubKit(missing=("face.emotion",)), modality="face")
    geometry = ["face.pose", "face.blendshapes", "face.action_units"]
    over_time = ["face.eyes", "face.gaze", "face.events", "face.engagement"]
    assert list(analysis.timelines) == geometry + over_time


def test_a_modality_looks_at_that_alone(clip, kit):
    assert {n.partition(".")[0] for n in run(clip, kit, modality="face").timelines} == {
        "face",
        "fused",
    }
    assert kit.voice_emotion.seen == 0


def test_sound_alone(tmp_path, kit):
    path = write_wav(tmp_path / "voice.wav", speech(4, [(1, 3)]), RATE)
    analysis = run(path, kit)
    assert analysis.facts["modality"] == "audio"
    assert "face.emotion" not in analysis.timelines
    np.testing.assert_allclose(analysis["speech.activity"].span, [[1, 3]], atol=0.2)
    assert set(analysis["fused.emotion"].extra) == {"subject", "weight_speech", "weight_text"}


def test_silence_is_no_rows(tmp_path, kit):
    path = write_wav(tmp_path / "silence.wav", np.zeros(RATE, np.float32), RATE)
    analysis = run(path, kit)
    for name in ("speech.activity", "speech.emotion", "speech.transcript", "text.emotion"):
        assert len(analysis[name]) == 0, name
    assert analysis["speech.activity"].coverage.tolist() == [[0, 1]]
    assert len(analysis["fused.emotion"]) == 0


def test_sound_has_no_faces(tmp_path, kit):
    path = write_wav(tmp_path / "voice.wav", speech(1, [(0, 1)]), RATE)
    analysis = run(path, kit, modality="face")
    assert dict(analysis.timelines) == {}
    assert "no face" in analysis.warnings[0]


def test_a_silent_video(tmp_path, kit):
    path = tmp_path / "silent.mp4"
    write_video(path, [picture([(10, 10)])] * 10)
    analysis = run(path, kit)
    assert "speech.activity" not in analysis.timelines
    np.testing.assert_allclose(analysis["fused.emotion"].extra["weight_face"], 1)


def test_every_frame_is_looked_at_when_asked(tmp_path, kit):
    path = tmp_path / "silent.mp4"
    write_video(path, [picture([(10, 10)])] * 10)
    assert len(run(path, kit, every=None)["face.emotion"]) == 10
    assert len(run(path, kit, every=0.5)["face.emotion"]) == 2


def test_a_sentence_is_read_in_characters(kit):
    text = "I am so happy today! It was late"
    analysis = run(text, kit)
    emotion = analysis["text.emotion"]
    assert emotion.unit == "char"
    assert emotion.span.tolist() == [[0, 20], [21, 32]]
    assert [text[int(a) : int(b)] for a, b in emotion.span] == list(emotion.extra["text"])
    assert analysis["text.sentiment"].best() == ["positive", "negative"]
    assert analysis["text.ekman"].best() == ["happiness", "sadness"]
    assert "fused.emotion" not in analysis.timelines
    assert analysis.source == text


def test_a_text_file(tmp_path, kit):
    path = tmp_path / "note.txt"
    path.write_text("I am happy. " * 3000, encoding="utf-8")
    analysis = run(path, kit)
    assert len(analysis["text.emotion"]) == 3000
    assert analysis["text.emotion"].coverage.min() == 0
    assert analysis["text.emotion"].coverage.max() == 35999
    assert analysis.facts["characters"] == 36000


def test_a_column_of_a_table(tmp_path, kit):
    path = tmp_path / "answers.csv"
    path.write_text("id,comment\n1,I am happy\n2,\n3,so sad\n", encoding="utf-8")
    emotion = run(path, kit, column="comment")["text.emotion"]
    assert emotion.unit == "whole"
    assert emotion.extra["row"].tolist() == [0, 1, 2]
    assert emotion.extra["text"].tolist() == ["I am happy", "", "so sad"]


def test_a_table_needs_its_column(tmp_path, kit):
    path = tmp_path / "answers.csv"
    path.write_text("id,comment\n1,I am happy\n", encoding="utf-8")
    with pytest.raises(InvalidValueError, match="column"):
        run(path, kit)
    with pytest.raises(UnknownNameError, match="comment"):
        run(path, kit, column="coment")


def test_a_picture_that_is_none(tmp_path, kit):
    path = tmp_path / "torn.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(MediaError, match="torn"):
        run(path, kit)


def test_a_file_that_is_not_there(kit):
    with pytest.raises(SourceNotFoundError, match=r"clip\.mp4"):
        run("my clip.mp4", kit)


def test_anonymize_is_passed_on_and_no_picture_is_kept(clip, kit):
    analysis = run(clip, kit, anonymize=True)
    assert analysis.facts["anonymize"] is True
    for timeline in analysis.timelines.values():
        for values in timeline.extra.values():
            assert values.ndim == 1 or values.shape[1:] == (4,)


def test_progress_is_told(clip, kit):
    told = []
    Analyzer(kit=kit)(clip, progress=lambda what, done, total: told.append((what, done, total)))
    assert {what for what, _, _ in told} >= {"face", "speech", "transcript"}
    face = [(done, total) for what, done, total in told if what == "face"]
    assert face == sorted(face)
    assert face[-1][1] == pytest.approx(8, abs=0.2)


class Interrupt(KeyboardInterrupt):
    pass


def interrupted(path, kit, work, at):
    def progress(what, done, total):
        if (what, int(done)) == at:
            raise Interrupt

    with pytest.raises(Interrupt):
        Analyzer(Options(every=0.5), kit=kit)(path, work=work, progress=progress)


@pytest.mark.parametrize(
    "at", [("face", 10), ("face", 45), ("face", 80), ("speech", 30), ("speech", 90)]
)
def test_an_interrupted_video_resumes_to_the_same_analysis(long_clip, tmp_path, at):
    whole = run(long_clip, StubKit(), every=0.5)
    interrupted(long_clip, StubKit(), tmp_path / "work", at)
    kit = StubKit()
    again = run(long_clip, kit, work=tmp_path / "work", every=0.5)
    assert again.equals(whole)
    if at == ("face", 80):
        assert kit.emotion.seen < len(whole["face.emotion"]) / 2
    if at[0] == "speech":
        assert kit.emotion.seen == 0


def test_other_options_do_not_take_over_old_work(long_clip, tmp_path):
    interrupted(long_clip, StubKit(), tmp_path / "work", ("face", 80))
    kit = StubKit()
    analysis = run(long_clip, kit, work=tmp_path / "work", every=1.0)
    assert kit.emotion.seen == len(analysis["face.emotion"]) == 90


def flickering():
    """Return a rule that calls every fifth crop happy and the others sad."""
    seen = iter(range(10_000))
    return lambda crop: peaked(8, 3 if next(seen) % 5 == 4 else 4)


def test_smoothing_takes_flicker_off_before_streams_are_fused(clip):
    rough = run(clip, StubKit(emotion_rule=flickering()), modality="face", every=None)
    even = run(clip, StubKit(emotion_rule=flickering()), modality="face", every=None, smooth=2.0)
    assert {"happiness", "sadness"} == set(rough["face.emotion"].best())
    assert set(even["face.emotion"].best()[10:-10]) == {"sadness"}
    np.testing.assert_allclose(even["face.emotion"].extra["raw"], rough["face.emotion"].scores)
    assert even.facts["smooth"] == {"seconds": 2.0, "form": "centred", "lag": 0.0}
    assert not np.allclose(even["face.affect"].scores, rough["face.affect"].scores)
    assert "raw" not in even["face.affect"].extra
    assert not np.allclose(even["fused.emotion"].scores, rough["fused.emotion"].scores)


def test_a_baseline_is_told_of_by_subject(clip, tmp_path):
    found = run(clip, StubKit(), modality="face", baseline="auto")
    assert found.facts["baseline"]["from"] == "auto"
    assert set(found.facts["baseline"]["subjects"]) == {"0", "1"}
    assert all("left" in told for told in found.facts["baseline"]["subjects"].values())
    with pytest.raises(SourceNotFoundError, match="nowhere"):
        run(clip, StubKit(), modality="face", baseline=str(tmp_path / "nowhere.json"))


def test_subtitles_stand_in_for_a_transcript(clip, kit, tmp_path):
    words = tmp_path / "clip.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:03,000\nI am so happy.\n", encoding="utf-8")
    found = run(clip, kit, words=str(words))
    assert list(found["speech.transcript"].extra["text"]) == ["I am so happy."]
    assert found["text.emotion"].extra["quality"].tolist() == [1.0]
    assert found.facts["streams"]["text"] > 0


def test_what_was_there_is_stated(clip, kit):
    found = run(clip, kit, transcript=False, modality="face")
    assert found.facts["streams"] == {"face": 1.0, "speech": 0, "text": 0}
    assert "fused.conflict" not in found.timelines


def test_a_face_is_judged_by_its_course_too(clip):
    found = run(clip, StubKit(emotion_rule=flickering()), modality="face", every=None)
    frames, course = found["face.emotion"], found["face.dynamic"]
    np.testing.assert_array_equal(course.span, frames.span)
    np.testing.assert_array_equal(course.extra["subject"], frames.extra["subject"])
    assert set(course.best()[5:-5]) == {"sadness"}
    assert course.model == "dynamics of stub-face"
