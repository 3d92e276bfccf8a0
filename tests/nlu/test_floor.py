"""Understanding does not get worse unseen: macro F1 on texts written apart (tests/nlu/split/README.md)."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from launch.prepare import RASA_ENV
from tests.nlu.conftest import PYTHON, ROOT

FLOOR = {"en": 0.90, "es": 0.88}


@pytest.fixture(scope="module")
def macro_f1(model_path: Path) -> dict[str, float]:
    """As `make nlu-report` prints it: all intents counting the same, the fallback as out_of_scope."""
    done = subprocess.run(
        [str(PYTHON), "-m", "report.floor", str(model_path)],
        cwd=ROOT,
        env={**os.environ, **RASA_ENV, "PYTHONPATH": "nlu"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@pytest.mark.parametrize("language", sorted(FLOOR))
def test_the_test_split_is_understood_at_least_as_well_as_promised(macro_f1, language):
    assert macro_f1[language] >= FLOOR[language]
