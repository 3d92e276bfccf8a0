"""A place of an unclear name is asked about, and the answer is heard, whatever the intent seems to be.

"Springfield" may look like anything to the classifier, and "2" after "which one?" chooses no service.
"""

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

#: What the slot `which_place` (bot/actions/which_place.py) says of this text, and what follows.
FOLLOWS = {
    "ask": "action_ask_which_place",
    "again": "action_ask_which_place",
    "answered": "action_set_place",
}
#: Above RulePolicy's 6: with equal confidence the higher priority wins.
ABOVE_RULES = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class WhichPlacePolicy(Policy):
    """Predicts the question, or the look at the place that answered it, then waits."""

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
            (folder / "which_place.txt").write_text("\n".join(FOLLOWS))
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certain of one action when a place was unclear or has become clear; no opinion otherwise."""
        probabilities = self._default_predictions(domain)
        said = tracker.get_slot("which_place")
        # A form that asked where takes the answer itself.
        if said in FOLLOWS and not (said == "answered" and tracker.active_loop_name):
            follows = FOLLOWS[said]
            done = tracker.latest_action_name == follows
            probabilities[domain.index_for_action(ACTION_LISTEN_NAME if done else follows)] = 1.0
        return self._prediction(probabilities)
