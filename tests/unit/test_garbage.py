"""What stays for good is kept from the garbage collector."""

import gc

import pytest

from bot import garbage


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("thawed")
class TestLoading:
    def test_what_was_loaded_is_never_looked_at_again(self):
        before = gc.get_freeze_count()
        with garbage.loading():
            loaded = [[number] for number in range(1000)]
        assert gc.get_freeze_count() >= before + len(loaded)

    def test_nothing_is_collected_while_it_loads(self):
        with garbage.loading():
            assert not gc.isenabled()

    def test_the_collector_goes_on_when_loading_fails(self):
        with pytest.raises(LookupError), garbage.loading():
            raise LookupError
        assert gc.isenabled()
