"""Train the dialogue model if what it is made of has changed; the last line printed is the model's path.

`nlu/.venv/bin/python nlu/train.py [--models FOLDER]`. A model is named by the content it was trained from,
so a second run with the same content finds it and trains nothing.
"""

import argparse
import hashlib
import logging
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
INGREDIENTS = ("config.yml", "requirements.txt", "domain", "data", "components")


def content_hash() -> str:
    """A digest of every file that decides what the model is."""
    digest = hashlib.sha256()
    for name in INGREDIENTS:
        path = HERE / name
        files = sorted(path.rglob("*.*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in {".yml", ".py", ".txt"}:
                digest.update(str(file.relative_to(HERE)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def train(models: Path) -> Path:
    """Train into a folder and return the model's path."""
    # Rasa asks the network for nothing and tells it nothing.
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    name = f"warmline-{content_hash()}.tar.gz"
    target = models / name
    if target.exists():
        return target
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    result = rasa.train(
        domain=str(HERE / "domain"),
        config=str(HERE / "config.yml"),
        training_files=[str(HERE / "data")],
        output=str(models),
        force_training=True,
        fixed_model_name=f"training-{name}",
    )
    if result.code or not result.model:
        raise SystemExit("The dialogue model could not be trained; Rasa says why above.")
    # Renamed last: a training cut short leaves no model that looks whole.
    Path(result.model).replace(target)
    return target


def main() -> int:
    """Train or find the model and print its path."""
    parser = argparse.ArgumentParser(description="Train the dialogue model if it changed.")
    parser.add_argument("--models", type=Path, default=HERE / "models")
    models = parser.parse_args().models.resolve()
    models.mkdir(parents=True, exist_ok=True)
    found = models / f"warmline-{content_hash()}.tar.gz"
    print(found if found.exists() else train(models))
    return 0


if __name__ == "__main__":
    sys.exit(main())
