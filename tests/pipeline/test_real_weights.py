"""The installed models on real media; skipped where either is not on this machine."""

import os
from pathlib import Path

import pytest

from openaffect.pipeline.analyze import Analyzer
from openaffect.pipeline.options import Options


def media(name):
    folders = [os.environ.get("OPENAFFECT_DATA"), Path(__file__).parents[3] / "shared" / "data"]
    for folder in filter(None, folders):
        path = Path(folder) / "media" / name
        if path.exists():
            return path
    pytest.skip(f"{name} is not here; OPENAFFECT_DATA names the folder of data")


def need(*tasks):
    """Skip unless the best card of each task is installed with all its weights."""
    from openaffect.models import Loader, Registry, Store
    from openaffect.types import UnknownNameError

    store = Store()
    loader = Loader(Registry({"recognize": "openaffect.recognize"}), store)
    for task in tasks:
        try:
            card = loader.card(task)
        except UnknownNameError:
            pytest.skip(f"no card of {task} is installed")
        for file in card.files:
            if store.locate(card, file.role) is None:
                pytest.skip(f"the weights of {card.name} are not on this machine")


def run(source, **options):
    return Analyzer(Options(threads=1, **options))(source)


def test_still_faces():
    """The stills carry no ratings, only the names of their files: a mild pout and a broad smile."""
    happy, sad = media("still_happy_256.png"), media("still_sad_256.png")
    need("blazeface-full", "face-mesh-468", "face.emotion")
    smiling, pouting = run(happy), run(sad)
    assert smiling["face.emotion"].best() == ["happiness"]
    assert pouting["face.emotion"].best()[0] in ("sadness", "neutral")
    more = pouting["face.emotion"].column("sadness") - smiling["face.emotion"].column("sadness")
    assert more > 0
    assert smiling["face.affect"].column("valence") > pouting["face.affect"].column("valence") + 0.3
    assert len(smiling["face.pose"]) == 1


def test_a_face_is_found_where_it_is():
    path = media("still_portrait_512.jpg")
    need("blazeface-full", "face-mesh-468")
    (box,) = run(path)["face.pose"].extra["box"]
    assert 0 < box[0] < 256 < box[2] < 512
    assert 0 < box[1] < 256 < box[3] < 512


def test_a_person_talking():
    path = media("talking_512_8s.mp4")
    need("blazeface-full", "face-mesh-468", "silero-vad", "speech.prosody")
    analysis = run(path, transcript=False)
    pose = analysis["face.pose"]
    assert set(pose.extra["subject"].tolist()) == {0}
    assert len(pose) == 40
    spoken = analysis["speech.activity"].span
    assert (spoken[:, 1] - spoken[:, 0]).sum() > 5
    assert "speech.transcript" not in analysis.timelines


def test_every_stream_of_a_person_talking():
    path = media("talking_512_8s.mp4")
    need("face.emotion", "speech.emotion", "text.emotion", "speech.transcript", "silero-vad")
    analysis = run(path)
    assert "future" in " ".join(analysis["speech.transcript"].extra["text"])
    assert analysis["text.emotion"].unit == "s"
    fused = analysis["fused.emotion"]
    assert (fused.extra["weight_face"] > 0).any()
    assert (fused.extra["weight_speech"] > 0).any()
    assert (fused.extra["weight_text"] > 0).any()


def test_a_sentence():
    need("text.emotion")
    analysis = run("I am so happy to see you!")
    assert analysis["text.sentiment"].best() == ["positive"]
