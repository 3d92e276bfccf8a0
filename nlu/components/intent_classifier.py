"""Which intent a text has, with probabilities that mean what they say.

Rasa's LogisticRegressionClassifier has no regularisation setting, mixes counts with vectors of another size
and takes minutes to train on ten thousand texts; hence our own, small, kept as plain numbers (no pickle).
"""

import json
from typing import Any, Dict, List, Text, Tuple, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from components.softmax_regression import Weights, fit, scores, softmax

#: As many as Rasa's own classifiers keep.
RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(IntentClassifier, GraphComponent):
    """Logistic regression over counts, brought to length 1, beside sentence vectors.

    `C`: inverse of the regularisation. `iterations`: of L-BFGS, at most. `temperature`: scores are divided by
    it before they become probabilities (Guo et al. 2017); below 1 makes them surer. All three are chosen on
    the validation split (docs/understanding.md).
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> List[Text]:
        return ["scipy"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"C": 50.0, "iterations": 200, "temperature": 1.0}

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Raises ValueError for a setting that is no positive number."""
        for name in cls.get_default_config():
            if not float(config.get(name, 1)) > 0:
                raise ValueError(f"{cls.__name__}: {name} must be above 0")

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CalibratedIntentClassifier":
        return cls(config, model_storage, resource)

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage, self._resource = model_storage, resource
        self._intents: List[Text] = []
        self._weights = Weights(np.empty(0), np.empty(0), np.empty(0))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has features; keep what was learnt."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if not examples:
            return self._resource
        sparse, dense = _features(examples)
        self._intents = sorted({example.get(INTENT) for example in examples})
        places = {intent: place for place, intent in enumerate(self._intents)}
        labels = [places[example.get(INTENT)] for example in examples]
        self._weights = fit(
            sparse, dense, labels, len(places), float(self._config["C"]), int(self._config["iterations"])
        )
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "intents.json").write_text(json.dumps(self._intents))
            np.savez(folder / "weights.npz", **self._weights._asdict())
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "CalibratedIntentClassifier":
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier._intents = json.loads((folder / "intents.json").read_text())
            with np.load(folder / "weights.npz", allow_pickle=False) as kept:
                classifier._weights = Weights(**kept)
        return classifier

    def process(self, messages: List[Message]) -> List[Message]:
        """Put the likeliest intent and the ranking on each message."""
        readable = [message for message in messages if message.get(TEXT)]
        if not readable or not self._intents:
            return messages
        logits = scores(self._weights, *_features(readable)) / float(self._config["temperature"])
        for message, likely in zip(readable, softmax(logits), strict=True):
            order = np.argsort(-likely)[:RANKING_LENGTH]
            ranking = [{"name": self._intents[at], "confidence": float(likely[at])} for at in order]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def _features(messages: List[Message]) -> Tuple[csr_matrix, np.ndarray]:
    """Counts as 1 + log, each row of length 1, and sentence vectors, a row for each message."""
    # Message.get_sparse_features would also join the features of every token, which nothing here reads.
    of_text = [
        [kept for kept in message.features if kept.attribute == TEXT and kept.type == FEATURE_TYPE_SENTENCE]
        for message in messages
    ]
    counts = _side_by_side([[kept.features for kept in all_ if kept.is_sparse()] for all_ in of_text])
    counts.data = 1 + np.log(np.maximum(counts.data, 1))
    squares = np.add.reduceat(np.append(counts.data**2, 0), counts.indptr[:-1])
    lengths = np.where(np.diff(counts.indptr) > 0, np.sqrt(squares), 1)
    counts.data /= np.repeat(lengths, np.diff(counts.indptr))
    dense = np.vstack([np.hstack([kept.features for kept in all_ if kept.is_dense()]) for all_ in of_text])
    return counts, dense.astype(np.float32)


def _side_by_side(rows: List[List[Any]]) -> csr_matrix:
    """Each message's matrices of one row as one row: what scipy's hstack and vstack give in half the time."""
    columns, numbers, ends = [], [], [0]
    widths = np.cumsum([0, *(part.shape[1] for part in rows[0])])
    for parts in rows:
        for part, before in zip(map(csr_matrix, parts), widths[:-1], strict=True):
            columns.append(part.indices + before)
            numbers.append(part.data)
        ends.append(ends[-1] + sum(part.nnz for part in parts))
    return csr_matrix(
        (np.concatenate(numbers).astype(np.float32), np.concatenate(columns), ends),
        shape=(len(rows), int(widths[-1])),
    )
