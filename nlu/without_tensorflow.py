"""A stand-in for TensorFlow while a model is served that has no component made of it (docs/adr/0016).

Rasa imports TensorFlow for components that the model may not have: 400 MB and two seconds for nothing. The
stand-in lets those modules be imported and their classes be declared. Whatever of it is called, or made an
instance of, raises TensorFlowNeeded.
"""

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
from abc import ABCMeta
from pathlib import Path
from types import ModuleType
from typing import Any, List, Optional, Sequence, Set, Text

STOOD_IN_FOR = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")
#: Modules of Rasa 3.6.21 whose components compute with TensorFlow, by what follows `import tensorflow` in
#: them.
OF_TENSORFLOW = {
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "rasa.nlu.selectors.response_selector",
}


class TensorFlowNeeded(RuntimeError):
    """Something that was served without TensorFlow turned out to need it."""


class _NotThere(ABCMeta):
    """Of classes that can be named, subclassed and written in annotations, and nothing else."""

    def __getattr__(cls, name: Text) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _not_there(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *_: Any, **__: Any) -> Any:
        raise TensorFlowNeeded(
            f"{cls.__module__}.{cls.__qualname__} was called, but this process serves a model without "
            "TensorFlow (nlu/without_tensorflow.py). WARMLINE_TENSORFLOW=1 loads it."
        )


def _not_there(module: Text, name: Text) -> type:
    return _NotThere(name, (), {"__module__": module})


class _StandIn(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: Text) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _not_there(self.__name__, name)
        setattr(self, name, found)
        return found


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: Text, path: Optional[Sequence[Text]], target: Optional[ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname.split(".")[0] not in STOOD_IN_FOR:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Let every later import of TensorFlow find the stand-in.

    Raises RuntimeError when it is already there.
    """
    already = [name for name in STOOD_IN_FOR if name in sys.modules]
    if already:
        raise RuntimeError(f"imported before the stand-in: {', '.join(already)}")
    sys.meta_path.insert(0, _Finder())


def components(model: Path) -> Set[Text]:
    """The modules of a trained model's components, as its own description (metadata.json) has them."""
    with tarfile.open(model) as archive:
        file = archive.extractfile("metadata.json")
        described = json.load(file) if file else {}
    schemas = [described.get(name) or {} for name in ("train_schema", "predict_schema")]
    return {
        node["uses"].rpartition(".")[0] for schema in schemas for node in schema.get("nodes", {}).values()
    }


def can_do_without(arguments: List[Text]) -> bool:
    """Whether a command line of Rasa serves one model without a component that computes with TensorFlow."""
    if arguments[:1] != ["run"] or "--model" not in arguments[:-1]:
        return False
    model = Path(arguments[arguments.index("--model") + 1])
    try:
        return model.is_file() and not components(model) & OF_TENSORFLOW
    except (KeyError, OSError, ValueError, tarfile.TarError):
        # Rasa says what is wrong with the file.
        return False
