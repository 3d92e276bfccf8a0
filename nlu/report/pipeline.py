"""The pipeline of nlu/config.yml, trained and run by Rasa itself, without a server."""

import asyncio
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
from components import sentence_encoder
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.log_utils import configure_structlog

from report.examples import OUTSIDE, ROOT, Example

FALLBACK = "nlu_fallback"
BATCH = 256

configure_structlog(logging.WARNING)


class Understood(NamedTuple):
    """What the classifier thought first, how sure it was, by how much; and what the dialogue was told."""

    first: str
    confidence: float
    margin: float
    told: str


def trained_model() -> Path:
    """The line's own model, trained now if its data changed."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "nlu" / "train.py")]
    # Our own Python and our own file.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"The model could not be trained:\n{done.stdout}{done.stderr}")
    return Path(done.stdout.strip().splitlines()[-1])


def train(examples: Sequence[Example], folder: Path) -> Path:
    """A model of the same pipeline from other examples."""
    # "[word](word)" would be read as an entity.
    messages = [Message.build(one.text.replace("](", "] ("), intent=one.intent) for one in examples]
    shapes = load_data(str(ROOT / "nlu" / "data" / "nlu" / "shapes.yml")).regex_features
    data = folder / "nlu.yml"
    RasaYAMLWriter().dump(str(data), TrainingData(messages, regex_features=shapes))
    model = train_nlu(str(ROOT / "nlu" / "config.yml"), str(data), str(folder))
    if model is None:
        raise SystemExit("The pipeline could not be trained on these examples; Rasa says why above.")
    return Path(model)


class Pipeline:
    """A loaded model."""

    def __init__(self, model: Path) -> None:
        self._processor = Agent.load(str(model)).processor

    def understand(self, texts: Sequence[str]) -> List[Understood]:
        """What each text is taken for."""
        found = []
        for start in range(0, len(texts), BATCH):
            messages = [UserMessage(text) for text in texts[start : start + BATCH]]
            target = self._processor.model_metadata.nlu_target
            results = self._processor.graph_runner.run(
                inputs={PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: None}, targets=[target]
            )
            found += [_understood(message) for message in results[target]]
        return found

    def milliseconds(self, texts: Sequence[str]) -> Tuple[List[float], List[float]]:
        """Each text by itself, as `/model/parse` does it: by the clock, and of the processor's time."""

        async def measure() -> None:
            for text in texts:
                began, worked = time.perf_counter(), time.process_time()
                await self._processor.parse_message(UserMessage(text))
                clock.append((time.perf_counter() - began) * 1000)
                processor.append((time.process_time() - worked) * 1000)

        clock: List[float] = []
        processor: List[float] = []
        asyncio.run(measure())
        return clock, processor


class _Remembering(sentence_encoder.USE):
    """The sentence encoder, reading each text once however many folds it is in."""

    known: Dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known.update(zip(new, super().encode(new), strict=True))
        return np.stack([self.known[text] for text in texts])


def understood_after_training(examples: Sequence[Example], texts: Sequence[str]) -> List[Understood]:
    """Train on examples, then understand texts."""
    sentence_encoder.USE = _Remembering
    with tempfile.TemporaryDirectory() as folder:
        return Pipeline(train(examples, Path(folder))).understand(texts)


def _understood(message: Message) -> Understood:
    ranking = [one for one in message.get("intent_ranking") if one["name"] != FALLBACK]
    told = message.get("intent")["name"]
    second = ranking[1]["confidence"] if len(ranking) > 1 else 0.0
    sure = ranking[0]["confidence"]
    return Understood(ranking[0]["name"], sure, sure - second, OUTSIDE if told == FALLBACK else told)
