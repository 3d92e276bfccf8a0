"""Learn the networks that weigh what a text means. Part of `make triage`; needs scikit-learn."""

import hashlib
import io
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bot.triage.likeness.meaning import NETWORKS, Networks, Vectors, vectors_of
from bot.triage.likeness.texts import NONE

#: Chosen out of fold. More networks than one, for each alone depends on chance.
SEEDS, HIDDEN, PENALTY, ROUNDS = (1, 2, 3, 4), 64, 1e-2, 12


def learn(vectors: Vectors, kinds: list[str]) -> Networks:
    """Networks that tell the vectors of emergencies from those of harmless texts."""
    real = np.array([kind != NONE for kind in kinds])
    nets = []
    for seed in SEEDS:
        net = MLPClassifier((HIDDEN,), alpha=PENALTY, max_iter=ROUNDS, random_state=seed)
        with warnings.catch_warnings():
            # Stopped before it knows its texts by heart.
            warnings.simplefilter("ignore", ConvergenceWarning)
            nets.append(net.fit(vectors, real))
    return Networks(
        np.stack([net.coefs_[0] for net in nets]).astype(np.float32),
        np.stack([net.intercepts_[0] for net in nets]).astype(np.float32),
        np.stack([net.coefs_[1][:, 0] for net in nets]).astype(np.float32),
        np.array([net.intercepts_[1][0] for net in nets], dtype=np.float32),
    )


def write(pairs: list[tuple[str, str]], folder: Path) -> str:
    """Learn from these texts and write the networks; returns their digest."""
    found = learn(vectors_of([text for text, _ in pairs]), [kind for _, kind in pairs])
    page = io.BytesIO()
    np.savez_compressed(
        page,
        into=found.into.astype(np.float16),
        into_bias=found.into_bias.astype(np.float16),
        out=found.out.astype(np.float16),
        out_bias=found.out_bias.astype(np.float16),
    )
    (folder / NETWORKS).write_bytes(page.getvalue())
    return digest(folder)


def digest(folder: Path) -> str:
    """Names the networks that are written there."""
    return hashlib.sha256((folder / NETWORKS).read_bytes()).hexdigest()
