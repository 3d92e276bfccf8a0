"""A name from the list just shown is a choice, whatever it sounds like to the classifier.

Directories hold names such as "Check In Cafe" and "Home Again": intent alone would start a check-in
or a call.
"""

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

CHOOSE = "action_choose_service"
#: Above RulePolicy's 6: with equal confidence the higher priority wins.
ABOVE_RULES = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class NamedServicePolicy(Policy):
    """Predicts the choice when this text filled the slot `named` (bot/actions/reading.py), then waits."""

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.RULE_DATA

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"priority": ABOVE_RULES}

    def train(
        self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any
    ) -> Resource:
        """Nothing to learn; what `load` looks for is written."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "named_service.txt").write_text(CHOOSE)
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certain of one action when a name was said; no opinion otherwise."""
        probabilities = self._default_predictions(domain)
        if tracker.get_slot("named") is not None:
            chosen = tracker.latest_action_name == CHOOSE
            probabilities[domain.index_for_action(ACTION_LISTEN_NAME if chosen else CHOOSE)] = 1.0
        return self._prediction(probabilities)
