"""Confusion as a picture: rows are what was meant, columns what the dialogue was told."""

import logging
from pathlib import Path
from typing import Sequence

import matplotlib
import numpy as np

logging.getLogger("matplotlib").setLevel(logging.ERROR)
matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def draw(meant: Sequence[str], told: Sequence[str], title: str, file: Path) -> Path:
    """Write the picture as a PNG; each row sums to one."""
    intents = sorted(set(meant) | set(told))
    places = {intent: place for place, intent in enumerate(intents)}
    counts = np.zeros((len(intents), len(intents)))
    for row, column in zip(meant, told, strict=True):
        counts[places[row], places[column]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(12, 11))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(intents)), intents, rotation=90, fontsize=7)
    axes.set_yticks(range(len(intents)), intents, fontsize=7)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=6, color=colour)
    axes.set(title=title, xlabel="understood", ylabel="meant")
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=90)
    pyplot.close(figure)
    return file
