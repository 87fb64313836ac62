from importlib.metadata import PackageNotFoundError, version

from openaffect.cli import doctor


def test_it_tells_of_machine_libraries_and_models(run):
    code, lines, _ = run("doctor", "--no-speed")
    assert code == 0
    first = [line.split("\t")[0] for line in lines]
    assert {"Python", "cache of weights", "onnxruntime", "silero-vad"} <= set(first)


def test_a_missing_optional_library_names_its_extra(run, monkeypatch):
    def found(name):
        if name == "pyarrow":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(doctor, "version", found)
    code, lines, _ = run("doctor", "--no-speed")
    assert code == 0
    assert any("pip install 'openaffect[tables]'" in line for line in lines)


def test_a_missing_core_library_is_a_failure(run, monkeypatch):
    def found(name):
        if name == "onnxruntime":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(doctor, "version", found)
    code, lines, _ = run("doctor", "--no-speed")
    assert code == 1
    assert any(line.startswith("onnxruntime\tMISSING") for line in lines)


def test_every_dependency_is_in_the_table():
    from importlib.metadata import requires

    names = {line.split(";")[0].split(">")[0].split("[")[0] for line in requires("openaffect")}
    names = {name.split("=")[0].strip() for name in names}
    listed = {name for name, _, _ in doctor.LIBRARIES}
    core = {
        line.split(">")[0].split("=")[0]
        for line in requires("openaffect")
        if "extra ==" not in line
    }
    assert core <= listed
    assert listed <= names | {"numpy"}


def test_speed_is_measured_or_explained(run, monkeypatch):
    monkeypatch.setattr(doctor, "_SECONDS", 0.01)
    _, lines, _ = run("doctor")
    place = next(number for number, line in enumerate(lines) if line.startswith("speed\t"))
    assert len(lines) - place - 1 == 3
