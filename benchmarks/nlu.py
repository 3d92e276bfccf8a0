"""How well and how fast texts are understood, on our own test split or on any labelled texts.

`.venv/bin/python benchmarks/nlu.py [TRAIN.csv TEST.csv]`

The files have the columns `sentence,label` (HINT3), `text,intent`, `text,category` (BANKING77) or the like.
The pipeline of nlu/config.yml is trained on the first and tested on the second; labels such as
NO_NODES_DETECTED, oos and out_of_scope are outside. In-scope accuracy: of the texts inside, those given their
own intent. Out-of-scope recall: of the texts outside, those given none.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from launch.prepare import RASA_ENV  # noqa: E402


def main() -> int:
    """Run in Rasa's environment, which this Python cannot be."""
    files = [str(Path(one).resolve()) if not one.startswith("-") else one for one in sys.argv[1:]]
    env = {**os.environ, **RASA_ENV, "PYTHONPATH": str(ROOT / "nlu"), "RASA_MAX_CACHE_SIZE": "0"}
    python = str(ROOT / "nlu" / ".venv" / "bin" / "python")
    return subprocess.run(
        [python, "-m", "report.benchmark", *files], cwd=ROOT, env=env, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
