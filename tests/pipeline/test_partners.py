import pytest

from openaffect.models import cards
from openaffect.pipeline.reply import partners, replier
from openaffect.types import UnknownNameError, WeightsUnavailableError


def test_partners_are_found_by_listing_the_folder():
    assert {"language", "escm", "retrieval", "seq2seq"} <= set(partners())
    for name, kind in partners().items():
        assert kind.name == name and kind.help
        assert bool(kind.card) == bool(kind.remedy), f"{name}: a card needs a remedy"


@pytest.mark.parametrize("name", ["retrieval", "seq2seq"])
def test_a_partner_without_weights_says_how_to_have_them(name):
    if partners()[name].card in cards():
        pytest.skip(f"the weights of {name} are here")
    with pytest.raises(WeightsUnavailableError, match=f"openaffect train reply-{name}"):
        replier(partner=name)


def test_a_partner_that_nobody_knows():
    with pytest.raises(UnknownNameError, match="Known"):
        replier(partner="retreival")
