# ruff: noqa: E402
import struct

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from openaffect.train.nets.whisper_encoder import load_encoder, read_ctranslate2
from openaffect.types import IntegrityError

KINDS = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def text(value):
    content = value.encode() + b"\0"
    return struct.pack("<H", len(content)) + content


def model_file(variables, version=6):
    parts = [struct.pack("<I", version), text("WhisperSpec"), struct.pack("<I", 3)]
    parts.append(struct.pack("<I", len(variables)))
    for name, array in variables.items():
        parts += [text(name), struct.pack("<B", array.ndim)]
        parts += [struct.pack("<I", size) for size in array.shape]
        parts += [struct.pack("<BI", KINDS[str(array.dtype)], array.nbytes), array.tobytes()]
    return b"".join(parts)


VARIABLES = {
    "encoder/a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "encoder/b": np.array([1.5, -2], np.float16),
    "scale": np.array(7, np.int32),
    "c": np.array([[-3], [4]], np.int8),
    "d": np.array([300], np.int16),
}


def test_a_file_made_by_hand_is_read(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(model_file(VARIABLES) + struct.pack("<I", 0))
    read = read_ctranslate2(path)
    assert list(read) == list(VARIABLES)
    for name, array in VARIABLES.items():
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
        assert np.array_equal(read[name], array)


def test_every_truncation_is_refused(tmp_path):
    path = tmp_path / "model.bin"
    content = model_file(VARIABLES)
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(IntegrityError, match=r"model\.bin"):
            read_ctranslate2(path)


def test_flipped_bytes_never_raise_another_error(tmp_path):
    path = tmp_path / "model.bin"
    content = model_file(VARIABLES)
    for place in range(len(content)):
        for value in (0, 127, 255):
            path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
            try:
                read_ctranslate2(path)
            except IntegrityError:
                continue


def test_another_version_is_named(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(model_file(VARIABLES, version=5))
    with pytest.raises(IntegrityError, match="version 5; expected 6"):
        read_ctranslate2(path)


def test_a_file_without_the_encoder_is_refused(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(model_file(VARIABLES))
    with pytest.raises(IntegrityError, match="encoder/conv1/weight"):
        load_encoder(path, 1)


def test_the_layers_are_whispers(monkeypatch):
    """All six layers and the last norm against CTranslate2's own encoder on the same sound."""
    ctranslate2 = pytest.importorskip("ctranslate2", reason="ctranslate2 is not installed")
    from openaffect.models import Store, card
    from openaffect.preprocess.speech_mel import log_mel

    store, whisper = Store(offline=True), card("whisper-base")
    paths = [store.locate(whisper, role) for role in ("model", "config", "vocabulary")]
    if None in paths:
        pytest.skip("whisper-base is not in the cache; run `openaffect models pull whisper-base`")
    time = np.arange(30 * 16_000) / 16_000
    sound = (0.3 * np.sin(2 * np.pi * (200 + 40 * np.sin(3 * time)) * time)).astype(np.float32)
    sound += np.random.default_rng(0).normal(0, 0.02, sound.shape).astype(np.float32)
    mel = log_mel(sound)[None]
    model = ctranslate2.models.Whisper(
        str(paths[0].parent), device="cpu", compute_type="float32", intra_threads=1
    )
    wanted = np.array(model.encode(ctranslate2.StorageView.from_array(mel)))
    variables = read_ctranslate2(paths[0])
    gamma, beta = (
        torch.from_numpy(variables[f"encoder/layer_norm/{name}"].astype(np.float32))
        for name in ("gamma", "beta")
    )
    with torch.no_grad():
        last = load_encoder(paths[0], 6)(torch.from_numpy(mel))[-1]
        found = torch.nn.functional.layer_norm(last, (512,), gamma, beta).numpy()
    assert found.shape == wanted.shape == (1, 1500, 512)
    assert np.abs(found - wanted).max() < 0.02 * np.abs(wanted).max()
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.9999
