"""Rasa's own command line, with what costs much and gives nothing taken out: `python nlu/serve.py run ...`.

- TensorFlow, while the model has no component made of it (without_tensorflow.py). WARMLINE_TENSORFLOW=1
  loads it.
- What Rasa does again for every text (turn_costs.py).
- skops, which reads the classifiers of scikit-learn, looks through every module already imported for each of
  its types: 0.4 s before TensorFlow is there, 3 to 7 s after. So it goes first where TensorFlow is wanted.
"""

import os
import sys
import warnings

import without_tensorflow

# Old libraries warn about each other on every start; nobody who runs the line can do anything about it.
warnings.showwarning = lambda *_, **__: None

if os.environ.get("WARMLINE_TENSORFLOW") != "1" and without_tensorflow.can_do_without(sys.argv[1:]):
    without_tensorflow.install()
else:
    import skops.io  # noqa: F401

import turn_costs  # noqa: E402
from rasa.__main__ import main  # noqa: E402

if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        turn_costs.install()
    sys.exit(main())
