import shutil
import subprocess

import pytest

from openaffect.cli import _parser


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_script_is_one(run, shell):
    code, lines, _ = run("completion", shell)
    script = "\n".join(lines)
    assert code == 0
    assert "--modality" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=60)


def test_fish_knows_every_command(run):
    code, lines, _ = run("completion", "fish")
    assert code == 0
    for name in _parser.command_names():
        assert any(f"-a {name} " in line for line in lines)
    assert any("-l modality" in line and "'face speech text'" in line for line in lines)
    within = "'__fish_seen_subcommand_from generate; and __fish_seen_subcommand_from rewrite'"
    assert any(f"-n {within} -l similarity " in line for line in lines)
    assert not any(f"-n {within} -l persona " in line for line in lines)
    assert any("and not __fish_seen_subcommand_from text" in line and "-a rewrite " in line
               for line in lines)  # fmt: skip
    if shutil.which("fish"):
        script = "\n".join(lines)
        subprocess.run(["fish", "-n"], input=script, text=True, check=True, timeout=60)
