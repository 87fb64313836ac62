"""The floors of the house hold, and importing the package does nothing."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HEAVY = (
    "cv2", "av", "PIL", "onnxruntime", "ai_edge_litert", "ctranslate2", "faster_whisper",
    "tokenizers", "rich", "pandas", "pyarrow", "matplotlib", "torch", "transformers", "sklearn",
    "numpy",
)  # fmt: skip


def run(*command, cwd=ROOT):
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )


def test_import_contracts_hold():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_floor_is_in_the_contract():
    """A new package under openaffect has to be given its place."""
    layers = next(
        contract["layers"]
        for contract in SETTINGS["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    folders = {path.parent.name for path in (ROOT / "src/openaffect").glob("*/*.py")} - {"weights"}
    assert folders <= placed


def test_import_loads_nothing_else():
    code = (
        "import sys; import openaffect; "
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]; "
        "print(loaded); sys.exit(bool(loaded))"
    )
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout


def test_import_makes_no_files_and_starts_no_threads(tmp_path):
    code = (
        "import threading, os; before = dict(os.environ); import openaffect, openaffect.cli; "
        "assert threading.active_count() == 1; assert dict(os.environ) == before"
    )
    done = run(sys.executable, "-B", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("module", ["cli", "cli.analyze", "cli.models", "report.picture"])
def test_the_command_starts_without_heavy_libraries(module):
    heavy = [name for name in HEAVY if name != "numpy"]
    code = (
        f"import sys; import openaffect.{module}; "
        f"loaded = [name for name in {heavy!r} if name in sys.modules]; "
        "print(loaded); sys.exit(bool(loaded))"
    )
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout


def test_version_is_said_once():
    import openaffect

    assert openaffect.__version__ == SETTINGS["project"]["version"]
    research = tomllib.loads((ROOT / "research/pyproject.toml").read_text("utf-8"))
    wanted = f"openaffect-research=={research['project']['version']}"
    assert SETTINGS["project"]["optional-dependencies"]["research"] == [wanted]
