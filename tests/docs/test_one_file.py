"""CONTRIBUTING's recogniser, written out as it stands there and used."""

import json
import subprocess
import sys

import numpy as np
import pytest

from .pages import ROOT, blocks

BLOCKS = blocks(ROOT / "CONTRIBUTING.md")
PAGE = {block.language: block.text for block in reversed(BLOCKS)}
PROGRAMS = [block.text for block in BLOCKS if block.language == "python"]


@pytest.fixture
def package(tmp_path):
    """The two files in a package of somebody else's, installed by what its metadata says."""
    home = tmp_path / "my_package"
    home.mkdir()
    (home / "__init__.py").write_text("", "utf-8")
    (home / "face_brightness.py").write_text(PAGE["python"], "utf-8")
    (home / "face-brightness.json").write_text(PAGE["json"], "utf-8")
    facts = tmp_path / "my_package-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n", "utf-8"
    )
    points = PAGE["toml"].replace("project.entry-points.", "").replace('"', "")
    (facts / "entry_points.txt").write_text(points, "utf-8")
    return tmp_path


def run(package, code):
    script = f"import sys; sys.path.insert(0, {str(package)!r})\n{code}"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_loaded_by_its_name(package):
    code = """
import json, numpy as np, openaffect
dark, bright = (np.full((9, 9, 3), value, np.uint8) for value in (0, 255))
timeline = openaffect.load("face-brightness")([dark, bright])
print(json.dumps({"best": timeline.best(), "scores": timeline.scores.tolist()}))
"""
    answer = json.loads(run(package, code))
    assert answer["best"] == ["neutral", "happiness"]
    np.testing.assert_allclose(np.sum(answer["scores"], axis=1), 1)


def test_the_command_lists_it(package):
    code = "from openaffect.cli import main; main(['models', 'list'])"
    assert "face-brightness\tface.emotion\t" in run(package, code)


def test_it_does_not_take_the_place_of_the_default(package):
    """Its rank is below that of the card that is taken."""
    from openaffect import models

    ours = [card for card in models.cards().values() if card.task == "face.emotion"]
    assert max(card.rank for card in ours) > json.loads(PAGE["json"])["rank"]


def test_it_keeps_what_the_contract_asks(package):
    code = f"""
sys.path.insert(0, {str(ROOT / "tests")!r})
import numpy as np, openaffect
from contract.stand_ins import WRONG, batch
recognizer = openaffect.load("face-brightness")
items = batch("face", 40)
together = recognizer(items)
assert len(recognizer([])) == 0
assert all(recognizer([item]).equals(together.select([n])) for n, item in enumerate(items))
for wrong in WRONG["face"]:
    try:
        recognizer([items[0], wrong])
    except openaffect.InvalidValueError as error:
        assert "1" in str(error)
    else:
        raise AssertionError(wrong)
"""
    run(package, code)


@pytest.fixture
def others(tmp_path):
    """Corpus, metric and step in a package of somebody else's."""
    home = tmp_path / "their_package"
    home.mkdir()
    (home / "__init__.py").write_text("", "utf-8")
    stages = {"data": "smiles", "metrics": "hit_rate", "preprocess": "negative"}
    for name, program in zip(stages.values(), PROGRAMS[1:], strict=True):
        (home / f"{name}.py").write_text(program, "utf-8")
    facts = tmp_path / "their_package-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n")
    points = [f"[openaffect.{stage}]\n{name} = their_package.{name}\n" for stage, name in
              stages.items()]  # fmt: skip
    (facts / "entry_points.txt").write_text("\n".join(points), "utf-8")
    return tmp_path


def test_a_corpus_of_ones_own_is_read(others):
    from .test_examples import media

    media.picture(others / "corpora/smiles/anna/happiness-1.png")
    media.picture(others / "corpora/smiles/bert/anger-1.png")
    where = str(others / "corpora")
    code = (
        f"from openaffect.cli import main; main(['data', 'check', 'smiles', '--root', {where!r}])"
    )
    found = run(others, code)
    assert "bert/anger-1.png: label anger is neither happiness nor neutral" in found


def test_a_metric_and_a_step_of_ones_own_are_listed(others):
    code = "from openaffect.cli import main; main(['evaluate', 'list'])"
    assert "hit rate" in run(others, code)
    code = "from openaffect.cli import main; main(['preprocess', 'list'])"
    assert "negative" in run(others, code)
