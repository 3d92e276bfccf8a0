"""What a text says in plain words is followed, whatever its intent seems to be.

"hungry and need a place 2 sleep" may fall between two intents and be nothing to the classifier.
"""

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

#: Above RulePolicy's 6: with equal confidence the higher priority wins.
ABOVE_RULES = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class HeardPolicy(Policy):
    """Predicts the action or form in the slot `heard` (bot/actions/hearing.py), first after a text.

    A form is then left to the rules. After an action a form that goes on asks again, if that still fits.
    """

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
            (folder / "heard.txt").write_text("heard")
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certain of one action when something was heard; no opinion otherwise."""
        probabilities = self._default_predictions(domain)
        follows = self._next(tracker, domain)
        if follows:
            probabilities[domain.index_for_action(follows)] = 1.0
        return self._prediction(probabilities)

    @staticmethod
    def _next(tracker: DialogueStateTracker, domain: Domain) -> Optional[Text]:
        heard = tracker.get_slot("heard")
        if heard not in domain.action_names_or_texts:
            return None
        if tracker.latest_action_name == ACTION_LISTEN_NAME:
            return heard
        if heard in domain.form_names or tracker.latest_action_name != heard:
            return None
        return tracker.active_loop_name or ACTION_LISTEN_NAME
