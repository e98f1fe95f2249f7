"""The learned model of contact: from features to the chance of each state of two feet.

A small network of two hidden layers, averaged over some that were learned apart, in
plain numpy. Its numbers lie in one file, which ``scripts/learning/learn_contact.py``
writes.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
# States of the feet, in the order of all arrays: which of them touch the floor.
STATES = ("both", "left", "right", "none")
# (left touches, right touches) of each state.
TOUCHES = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], bool)
_MIRRORED = (0, 2, 1, 3)
_BLOCK = 1024


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the landmarks say of each frame.

    ``states`` (T, 4) log probability of each state; ``events`` (T, 2, 2) chance that
    the left and the right foot leave or touch the floor within two frames of it.
    """

    states: FloatArray
    events: FloatArray


@dataclass(frozen=True, eq=False)
class ContactModel:
    """Networks of one shape: ``weights[layer]`` (N, in, out), ``biases`` (N, out)."""

    centre: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]
    temperature: float
    decoding: dict[str, Any]
    provenance: dict[str, Any]

    def evidence(self, left: FloatArray, right: FloatArray) -> Evidence:
        """Return what features (T, F) say, each with that foot as "own"."""
        states = np.empty((len(left), len(STATES)))
        events = np.empty((len(left), 2, 2))
        for first in range(0, len(left), _BLOCK):
            rows = slice(first, first + _BLOCK)
            own, other = self._outputs(left[rows]), self._outputs(right[rows])
            states[rows] = (own[:, :4] + other[:, _MIRRORED]) / 2
            events[rows] = np.stack([own[:, 4:], other[:, 4:]], axis=1)
        states /= self.temperature
        states -= states.max(axis=1, keepdims=True)
        states -= np.log(np.exp(states).sum(axis=1, keepdims=True))
        return Evidence(states, 1 / (1 + np.exp(-events)))

    def _outputs(self, features: FloatArray) -> FloatArray:
        """(T, 6) scores of the four states, of foot-off and foot-down."""
        x = np.clip((features - self.centre) * self.scale, -5, 5).astype(np.float32)
        total = np.zeros((len(x), self.biases[-1].shape[1]), np.float32)
        nets = len(self.weights[0])
        for net in range(nets):
            hidden = x
            for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
                hidden = hidden @ w[net] + b[net]
                if layer < len(self.weights) - 1:
                    np.maximum(hidden, 0, out=hidden)
            total += hidden
        return np.asarray(total / nets, float)


def load_model(path: Path) -> ContactModel:
    """Read the file that ``scripts/learning/learn_contact.py`` wrote."""
    with np.load(path, allow_pickle=False) as data:
        layers = int(data["layers"])
        return ContactModel(
            data["centre"].astype(np.float32),
            data["scale"].astype(np.float32),
            tuple(data[f"w{n}"].astype(np.float32) for n in range(layers)),
            tuple(data[f"b{n}"].astype(np.float32) for n in range(layers)),
            float(data["temperature"]),
            json.loads(str(data["decoding_json"])),
            json.loads(str(data["provenance_json"])),
        )


def save_model(path: Path, model: ContactModel) -> None:
    """Write a model; weights are kept at half precision."""
    arrays: dict[str, Any] = {"layers": len(model.weights)}
    for n, (w, b) in enumerate(zip(model.weights, model.biases, strict=True)):
        arrays[f"w{n}"], arrays[f"b{n}"] = w.astype(np.float16), b.astype(np.float32)
    np.savez_compressed(
        path,
        centre=model.centre,
        scale=model.scale,
        temperature=model.temperature,
        decoding_json=json.dumps(model.decoding),
        provenance_json=json.dumps(model.provenance),
        **arrays,
    )


@cache
def load_contact_model() -> ContactModel:
    """Return the model that ships with the package."""
    return load_model(Path(str(files("balance").joinpath("data", "contact.npz"))))
