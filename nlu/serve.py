"""Rasa's own command line, started in an order that halves its start: `python nlu/serve.py run ...`.

skops, which reads the classifier, looks through every module already imported for each of its types: 0.4 s
before TensorFlow is there, 3 to 7 s after. Rasa imports TensorFlow whether or not a model uses it.
"""

import sys
import warnings

# Old libraries warn about each other on every start; nobody who runs the line can do anything about it.
warnings.showwarning = lambda *_, **__: None

import skops.io  # noqa: E402, F401
from rasa.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
