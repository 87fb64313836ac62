import pytest

pytest.importorskip("openaffect.train.run")


def test_list_names_the_recipes(run):
    from openaffect.train import run as recipes

    assert run("train", "--list") == (0, list(recipes.names()), "")


def test_an_unknown_recipe_is_named(run):
    code, _, error = run("train", "smell")
    assert code == 3
    assert "'smell'" in error


def test_the_recipe_gets_its_surroundings(run, monkeypatch, tmp_path):
    from openaffect.train import run as recipes

    seen = {}
    name = recipes.names()[0]
    monkeypatch.setattr(recipes, "run", lambda name, **given: seen.update(name=name, **given))
    monkeypatch.setattr("openaffect.cli.train.need", lambda *names, **extra: None)
    code, lines, _ = run("train", name, "--out", tmp_path, "--seed", "3", "--resume")
    assert (code, lines) == (0, [str(tmp_path)])
    assert seen["name"] == name
    assert seen["seed"] == 3
    assert seen["resume"]
