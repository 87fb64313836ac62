import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import openaffect

NAMES = [
    "Analysis",
    "Analyzer",
    "Card",
    "IntegrityError",
    "InvalidValueError",
    "Kind",
    "LicenceError",
    "MediaError",
    "MissingDependencyError",
    "OpenAffectError",
    "OutputError",
    "Scheme",
    "ServerError",
    "SourceNotFoundError",
    "Timeline",
    "UnknownNameError",
    "Unit",
    "WeightsUnavailableError",
    "analyze",
    "analyze_many",
    "fuse",
    "load",
    "models",
    "read_dialogue",
    "reply",
    "rewrite",
    "scheme",
    "write",
]


def test_the_public_names_are_these():
    assert openaffect.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there(name):
    assert getattr(openaffect, name) is not None
    assert name in dir(openaffect)


def test_another_name_is_not():
    with pytest.raises(AttributeError, match="analyse"):
        _ = openaffect.analyse


def test_models_lists_the_cards_even_after_its_package_was_imported():
    import openaffect.models.store

    assert "silero-vad" in openaffect.models()
    assert openaffect.models.store is not None


def test_the_version_is_that_of_the_distribution():
    project = Path(__file__).parents[1] / "pyproject.toml"
    stated = tomllib.loads(project.read_text("utf-8"))["project"]["version"]
    assert openaffect.__version__ == stated


def fresh(code):
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_importing_brings_nothing_along():
    heavy = "numpy cv2 av PIL onnxruntime ai_edge_litert tokenizers rich pandas torch"
    code = (
        "import sys, openaffect\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_importing_the_pipeline_brings_no_decoder_and_no_runtime():
    heavy = "cv2 av PIL onnxruntime ai_edge_litert tokenizers rich pandas torch"
    code = (
        "import sys, openaffect; openaffect.analyze, openaffect.analyze_many\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    assert fresh(code) == "[]"
