"""One real line for all the conversations; tests that break things start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_line import Phone, RunningLine


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    running = RunningLine(tmp_path_factory.mktemp("line"))
    yield running
    assert running.stop() in {0, -2, 130}


@pytest.fixture
def own_line(tmp_path: Path) -> Iterator[RunningLine]:
    running = RunningLine(tmp_path / "line")
    yield running
    running.stop()


@pytest.fixture
def phone(line: RunningLine) -> Phone:
    return Phone(line)
