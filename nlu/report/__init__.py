"""How well the line understands: `make nlu-report` and `benchmarks/nlu.py` (docs/understanding.md)."""

import os
import warnings

# Before Rasa is imported: as in launch/prepare.py, and nothing that is trained here is kept for later.
# Old libraries warn about each other on every start.
warnings.showwarning = lambda *_, **__: None
os.environ.update(
    RASA_TELEMETRY_ENABLED="false",
    SQLALCHEMY_SILENCE_UBER_WARNING="1",
    TF_CPP_MIN_LOG_LEVEL="3",
    LOG_LEVEL="WARNING",
    LOG_LEVEL_LIBRARIES="ERROR",
    OMP_NUM_THREADS="1",
    RASA_MAX_CACHE_SIZE="0",
)
