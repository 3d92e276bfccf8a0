"""Rasa's own command line, with two costs taken out: `python nlu/serve.py run ...`.

skops, which reads the classifier, looks through every module already imported for each of its types: 0.4 s
before TensorFlow is there, 3 to 7 s after. Rasa imports TensorFlow whether or not a model uses it.

For each answer of an action Rasa proves its own schema sound again before it checks the answer by it: 43 % of
its time under load (benchmarks/turns.py). Here the schema is proved once and every answer still checked.
"""

import sys
import warnings

# Old libraries warn about each other on every start; nobody who runs the line can do anything about it.
warnings.showwarning = lambda *_, **__: None

import skops.io  # noqa: E402, F401
from jsonschema.validators import validator_for  # noqa: E402
from rasa.__main__ import main  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402

SCHEMA = RemoteAction.action_response_format_spec()
validator_for(SCHEMA).check_schema(SCHEMA)
ANSWER = validator_for(SCHEMA)(SCHEMA)


def validate_answer(_action: RemoteAction, answer: dict) -> bool:
    """As Rasa's own: True, or jsonschema's ValidationError."""
    ANSWER.validate(answer)
    return True


if __name__ == "__main__":
    RemoteAction._validate_action_result = validate_answer
    sys.exit(main())
