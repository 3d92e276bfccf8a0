"""Run in Rasa's own environment: which command lines do without TensorFlow, and what using it then does."""

import io
import json
import re
import sys
import tarfile
import tempfile
from pathlib import Path

import without_tensorflow

MODEL = sys.argv[1]
PARTS = (
    "core/policies",
    "nlu/classifiers",
    "nlu/extractors",
    "nlu/featurizers",
    "nlu/selectors",
    "nlu/tokenizers",
)


def archive(folder: str, *uses: str) -> str:
    """A model that has these components."""
    nodes = {str(at): {"uses": name} for at, name in enumerate(uses)}
    described = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    path = f"{folder}/other.tar.gz"
    with tarfile.open(path, "w:gz") as file:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(described)
        file.addfile(entry, io.BytesIO(described))
    return path


def serves(*arguments: str) -> bool:
    return without_tensorflow.can_do_without(list(arguments))


with tempfile.TemporaryDirectory() as folder:
    diet = archive(folder, "rasa.nlu.classifiers.diet_classifier.DIETClassifier")
    (Path(folder) / "torn.tar.gz").write_bytes(b"no archive")
    found = {
        "ours": serves("run", "--enable-api", "--model", MODEL),
        "with_diet": serves("run", "--model", diet),
        "train": serves("train", "--model", MODEL),
        "no_model": serves("run", "--model"),
        "no_such_file": serves("run", "--model", f"{folder}/none.tar.gz"),
        "no_archive": serves("run", "--model", f"{folder}/torn.tar.gz"),
    }

without_tensorflow.install()
import rasa  # noqa: E402
import tensorflow as tf  # noqa: E402
from rasa.core.policies.ted_policy import TED  # noqa: E402

top = Path(rasa.__file__).parent
found["importing_it"] = sorted(
    ".".join(("rasa", *file.relative_to(top).with_suffix("").parts))
    for part in PARTS
    for file in (top / part).rglob("*.py")
    if re.search(r"^(?:import|from) (?:tensorflow|keras)", file.read_text(), re.MULTILINE)
)
found["known"] = sorted(without_tensorflow.OF_TENSORFLOW)
calls, message = [], ""
for use in (lambda: tf.constant(1), lambda: tf.keras.layers.Dense(2), lambda: TED()):
    try:
        use()
        calls.append("nothing")
    except Exception as error:
        calls.append(type(error).__name__)
        message = str(error)
found["calls"], found["message"] = calls, message
try:
    without_tensorflow.install()
    found["too_late"] = False
except RuntimeError:
    found["too_late"] = True
sys.stdout.write(json.dumps(found))
