"""The learned model of bending repetitions: numbers, and what they make of features.

One file (``scripts/learning/learn_repetitions.py`` writes it, with its provenance): a
classifier of single repetitions and a regression of knee flexion with its error.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from balance.model.recording import FloatArray


class BendKind(StrEnum):
    """What the bending of the knees belonged to."""

    SQUAT = "squat"
    SIT_TO_STAND = "sit_to_stand"
    LUNGE = "lunge"
    OTHER = "other"
    SINGLE_LEG_SQUAT = "single_leg_squat"
    UNDECIDED = "undecided"


KINDS = (
    BendKind.SQUAT,
    BendKind.SIT_TO_STAND,
    BendKind.LUNGE,
    BendKind.OTHER,
    BendKind.SINGLE_LEG_SQUAT,
)


@dataclass(frozen=True, eq=False)
class Network:
    """Some small networks of the same inputs, averaged; no hidden layer: linear.

    ``members`` hold (weights, bias) of each layer; inputs are standardised and clipped.
    With ``products`` the product of every two of them is an input as well.
    """

    inputs: tuple[str, ...]
    mean: FloatArray
    sd: FloatArray
    clip: float
    members: tuple[tuple[tuple[FloatArray, FloatArray], ...], ...]
    products: bool = False

    def outputs(self, measured: list[dict[str, float]]) -> FloatArray:
        """(members, N, outputs), before any softmax."""
        values = np.array([[one[name] for name in self.inputs] for one in measured])
        z = np.clip((values - self.mean) / self.sd, -self.clip, self.clip)
        if self.products:
            z = with_products(z)
        return np.stack([_through(z, member) for member in self.members])


def with_products(z: FloatArray) -> FloatArray:
    """(N, K) inputs, then the products of every two of them, squares included."""
    one, other = np.triu_indices(z.shape[1])
    return np.hstack([z, z[:, one] * z[:, other]])


def _through(
    z: FloatArray, layers: tuple[tuple[FloatArray, FloatArray], ...]
) -> FloatArray:
    for weights, bias in layers[:-1]:
        z = np.maximum(z @ weights + bias, 0.0)
    weights, bias = layers[-1]
    return np.asarray(z @ weights + bias)


@dataclass(frozen=True, eq=False)
class RepetitionModel:
    """Classifier, flexion regression, log standard deviation of the latter."""

    kind: Network
    flexion: Network
    log_sd: Network
    steadiness: FloatArray

    def chances(self, measured: list[dict[str, float]]) -> FloatArray:
        """(N, 5) chance of each of ``KINDS``."""
        if not measured:
            return np.zeros((0, len(KINDS)))
        out = self.kind.outputs(measured)
        out = np.exp(out - out.max(axis=-1, keepdims=True))
        return np.asarray((out / out.sum(axis=-1, keepdims=True)).mean(axis=0))

    def knee_flexion(self, postures: list[dict[str, float]]) -> FloatArray:
        """(N, 2) deg: knee flexion and its standard deviation."""
        if not postures:
            return np.zeros((0, 2))
        values = self.flexion.outputs(postures)[..., 0].mean(axis=0)
        sd = np.exp(self.log_sd.outputs(postures)[..., 0].mean(axis=0))
        return np.column_stack([np.clip(values, 0, 170), sd])


def load_model(path: Path) -> RepetitionModel:
    """Read what was learned."""
    with np.load(path, allow_pickle=False) as data:
        shape = json.loads(str(data["meta_json"]))["networks"]
        arrays = {name: np.asarray(data[name], float) for name in data.files[1:]}
    return RepetitionModel(
        **{name: _network(name, shape[name], arrays) for name in shape},
        steadiness=arrays["steadiness"],
    )


def _network(
    name: str, shape: dict[str, object], arrays: dict[str, FloatArray]
) -> Network:
    inputs, layers, members = shape["inputs"], shape["layers"], shape["members"]
    assert isinstance(inputs, list)
    assert isinstance(layers, int)
    assert isinstance(members, int)
    return Network(
        tuple(inputs),
        arrays[f"{name}_mean"],
        arrays[f"{name}_sd"],
        float(arrays[f"{name}_clip"]),
        tuple(
            tuple(
                (arrays[f"{name}_w{m}_{k}"], arrays[f"{name}_b{m}_{k}"])
                for k in range(layers)
            )
            for m in range(members)
        ),
        products=bool(shape["products"]),
    )


@cache
def load_repetition_model() -> RepetitionModel:
    """Return the model that ships with the package."""
    return load_model(Path(str(files("balance").joinpath("data", "repetitions.npz"))))
