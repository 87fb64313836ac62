import pytest


@pytest.fixture
def context(tmp_path):
    from openaffect.train.context import Context

    made = Context(out=tmp_path / "run", seed=3)
    made.out.mkdir()
    yield made
    made.close()
