"""Entities of a text, by the same words and patterns that the line's actions read texts by (docs/adr/0015).

The dialogue does not lean on them: actions read the text themselves. They are for whoever asks the model.
"""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.entities.finding import find_all

WARM_UP = "in 2 hours at 9 98104 the 2nd one with my 2 kids"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlainWordsExtractor(GraphComponent, EntityExtractorMixin):
    """Adds `zip`, `place`, `phone_number`, `time`, `choice`, `number`, `age`, `need` and `need_detail`."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlainWordsExtractor":
        # The files are read now; the first text shall not wait for them.
        find_all(WARM_UP)
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what each text names to its entities, in the order it is named."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                entities = [one._asdict() for one in find_all(text)]
                message.set(
                    ENTITIES,
                    message.get(ENTITIES, []) + self.add_extractor_name(entities),
                    add_to_output=True,
                )
        return messages
