import subprocess
import sys

import pytest

from openaffect.train import run
from openaffect.types import UnknownNameError

RECIPES = [
    "face-emotion",
    "face-geometry-tree",
    "face-hog-knn",
    "face-hog-svm",
    "fine-tune",
    "reply-escm",
    "reply-lora",
    "reply-retrieval",
    "reply-seq2seq",
    "speech-free",
    "speech-prosody-svm",
    "speech-research",
    "text-activation",
    "text-affect",
    "text-dialogue",
    "text-emotion",
    "text-fudge",
    "text-gan",
    "text-languages",
    "text-lora",
    "text-lora-distilled",
    "text-lora-preferences",
    "text-lstm",
    "text-phrases",
    "text-pplm",
    "text-qlora",
    "text-rnn",
    "text-situation",
    "text-tfidf-lr",
]


def test_the_folder_is_the_registry():
    assert run.names() == RECIPES


def test_names_are_listed_without_torch():
    code = (
        "import sys; from openaffect.train import run; run.names(); "
        "print([name for name in ('torch', 'transformers', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_recipe_names_the_nearest(tmp_path):
    with pytest.raises(UnknownNameError, match="'text-emotions'; did you mean 'text-emotion'"):
        run.run("text-emotions", out=tmp_path)
    with pytest.raises(UnknownNameError):
        run.recipe("_speech")


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_says_what_it_is(name):
    pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    recipe = run.recipe(name)
    assert name == recipe.NAME
    assert recipe.HELP
    assert "baseline" in recipe.__doc__.lower()
    assert callable(recipe.run)
