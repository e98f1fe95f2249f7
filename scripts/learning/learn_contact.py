#!/usr/bin/env python3
"""Learn contact of the feet and write the model file, judged with people left out.

usage: scripts/learning/learn_contact.py OUT.npz --motion FOLDER [FOLDER …] [--rendered FOLDER]
                        [--moves LABELS.json CLIPS LANDMARKS] [--moved FOLDER] [--folds 4]

``--motion``: joints in metres with contact (``time_s``, ``left_hip`` …, ``contact_left``,
``truth``), recorded by virtual cameras; built movement of the same bodies is added.
``--rendered``: recorded landmarks of rendered people with their truth (tests/rendered).
``--moves``: labels with contact of each frame, the folder of the clips' own JSON, and a
folder that holds STEM/landmarks.npz. ``--moved``: recorded landmarks of rendered people
who move as recorded ones did, with their truth (tests/moves).
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from training_camera import any_view, faulty, landmarks, recorded_at
from training_people import (
    Motion,
    body_of,
    built,
    frozen,
    load,
    mirrored,
    noise,
    paced,
)

from balance.analysis.contact.decode import decode
from balance.analysis.contact.features import (
    Course,
    foot_features,
    regular_course,
)
from balance.reference.contact_model import ContactModel, load_model, save_model

Float32 = NDArray[np.float32]
RATES_HZ = (10, 15, 20, 24, 25, 30, 50, 60)
RATE_SHARES = (0.06, 0.08, 0.04, 0.06, 0.1, 0.5, 0.04, 0.12)
MIRRORED = np.array([0, 2, 1, 3])
HIDDEN = (112, 56)
BATCH, EPOCHS, RATE_TOP, DECAY, DROPPED = 1024, 6, 2e-3, 3e-3, 0.15
# An event counts as seen within so many frames of it.
NEAR_EVENT = 2
EVENT_LOSS = 1.0  # weight of the two event outputs beside the states
DECODING: dict[str, Any] = {
    "prior": [0.7, 0.14, 0.14, 0.02],
    "weight": 0.05,
    "event_gain": 1.0,
    "around_event_s": 0.4,
    "unseen_per_s": 0.003,
    "hidden_per_s": 0.3,
    "event_weight": 1.0,
    # Mean chance of a stretch on one leg from which it is told from standing on both:
    # anywhere, between certain stands on both feet for long, and through a whole shot.
    "least_support": 0.75,
    "held_support": 0.45,
    "whole_support": 0.55,
    "sure_both": 0.85,
    "held_s": 3.0,
    "most_air": 0.07,
    # What a change is off by beside its posterior, and on average: rendered bodies that
    # move as real people did (their contact is known to the frame).
    "edge_sd_s": 0.08,
    "foot_off_bias_s": -0.08,
    "foot_down_bias_s": 0.04,
}


@dataclass(frozen=True, eq=False)
class Shot:
    """A learned-from or judged clip: course at 30 Hz and contact of both feet."""

    person: str
    name: str
    course: Course
    contact: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Samples:
    """Frames seen by one foot as "own": features, state, events, person."""

    x: Float32
    state: NDArray[np.int64]
    events: Float32
    person: NDArray[np.str_]

    def of(self, rows: NDArray[Any]) -> "Samples":
        return Samples(
            self.x[rows], self.state[rows], self.events[rows], self.person[rows]
        )


# --- clips to learn from --------------------------------------------------------


def shots_of_motion(
    motions: list[Motion], seed: int, recordings: int, held: int, built_recordings: int
) -> Iterator[Shot]:
    """Each motion recorded as it is and at other paces, moments held, movement built."""
    rng = np.random.default_rng(seed)
    for motion in motions:
        for n in range(recordings):
            plain = n % 2 == 0
            figure = (motion.joints, motion.contact)
            if not plain:
                figure = paced(rng, motion, int(rng.poisson(1.2)))
            yield from _recorded(rng, motion, *figure)
        for n in range(held):
            still = frozen(rng, motion, rng.uniform(3, 12), n % 2 == 1)
            if still is not None:
                yield from _recorded(rng, motion, *still)
    for n in range(built_recordings):
        motion = motions[n % len(motions)]
        yield from _recorded(
            rng, motion, *built(rng, body_of(rng, motion), rng.uniform(8, 22))
        )


def _recorded(rng, motion: Motion, joints, contact) -> Iterator[Shot]:
    if rng.random() < 0.5:
        joints, contact = mirrored(joints, contact)
    view = any_view(rng)
    xy = landmarks(joints * rng.uniform(0.93, 1.07, 3), view)
    xy = faulty(rng, xy, contact, view.yaw)
    rate_hz = float(rng.choice(RATES_HZ, p=RATE_SHARES))
    yield from shot(motion.person, motion.name, *recorded_at(rng, xy, contact, rate_hz))


def shot(person: str, name: str, time_s, xy, contact) -> Iterator[Shot]:
    course = regular_course(time_s, xy)
    if course is not None and len(course.time_s) >= 10:
        rows = np.clip(np.searchsorted(time_s, course.time_s), 0, len(time_s) - 1)
        yield Shot(person, name, course, contact[rows])


def shots_of_rendered(folder: Path, seed: int) -> Iterator[Shot]:
    """Recorded landmarks of rendered people, as they are and with more noise."""
    rng = np.random.default_rng(seed)
    for path in sorted(folder.glob("*.json")):
        own = json.loads(path.read_text())
        truth = (
            json.loads((folder / f"{own['of']}.json").read_text())
            if "of" in own
            else own
        )
        if truth.get("touches"):
            continue
        with np.load(path.with_suffix(".npz")) as z:
            time_s = z["time_s"]
            xy = z["xy_px"].astype(float) - np.nan_to_num(z["camera_shift_px"])[:, None]
        contact = np.ones((len(time_s), 2), bool)
        if truth.get("stance"):
            off, down = (
                own.get(k, truth.get(k)) for k in ("foot_off_s", "foot_down_s")
            )
            free = 0 if truth["stance"] == "right" else 1
            contact[
                (time_s >= off) & (time_s < (np.inf if down is None else down)), free
            ] = False
        for repeat in range(1 if "of" in own else 2):
            more = np.zeros_like(xy)
            if repeat:
                more = noise(rng, len(xy), (33, 2), 3.0) * rng.uniform(0.5, 2)
                more += rng.normal(0, rng.uniform(0.3, 1), xy.shape)
            yield from shot(
                f"rendered_{truth['person']}", path.stem, time_s, xy + more, contact
            )


def shots_of_moves(labels: Path, clips: Path, recorded: Path) -> Iterator[Shot]:
    """Recorded landmarks of rendered people who move as real ones did."""
    for entry in json.loads(labels.read_text()):
        stem = Path(entry["file"]).stem
        path, contact = (
            recorded / stem / "landmarks.npz",
            entry["expect"].get("contact"),
        )
        if contact is None or not path.exists():
            continue
        parameters = json.loads((clips / f"{stem}.json").read_text()).get(
            "parameters", {}
        )
        motion = Path(str(parameters.get("motion", {}).get("file", stem))).stem
        person = "_".join(motion.split("_")[:2])
        yield from move(person, stem, path, contact, contact["rate_hz"])


def shots_of_moved(folder: Path) -> Iterator[Shot]:
    """The same from a folder that keeps each recording beside its truth."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text())
        landmarks_of = path.with_suffix(".npz")
        contact, rate_hz = truth["contact"], truth["rate_hz"]
        yield from move(truth["mover"], path.stem, landmarks_of, contact, rate_hz)


def move(
    person: str, name: str, path: Path, contact: dict[str, Any], rate_hz: float
) -> Iterator[Shot]:
    """One recording with the contact of each foot, told so many times a second."""
    with np.load(path) as z:
        time_s, shift = z["time_s"], np.nan_to_num(z["camera_shift_px"])
        xy = z["xy_px"].astype(float) - shift[:, None]
    touches = np.stack([contact["left"], contact["right"]], axis=1).astype(bool)
    rows = np.clip(np.round(time_s * rate_hz).astype(int), 0, len(touches) - 1)
    yield from shot(person, name, time_s, xy, touches[rows])


def samples_of(shots: list[Shot], every: int, seed: int) -> Samples:
    """Every n-th frame of the clips in which both feet are seen, once for each foot."""
    rng = np.random.default_rng(seed)
    x, state, events, person = [], [], [], []
    for clip in shots:
        left, right = foot_features(clip.course)
        rows = np.arange(int(rng.integers(every)), len(left), every)
        rows = rows[clip.course.seen[rows].all(axis=1)]
        states, near = _states(clip.contact)[rows], _events(clip.contact)[rows]
        x += [left[rows], right[rows]]
        state += [states, MIRRORED[states]]
        events += [near[:, 0], near[:, 1]]
        person += [clip.person] * (2 * len(rows))
    return Samples(
        np.concatenate(x).astype(np.float32),
        np.concatenate(state),
        np.concatenate(events).astype(np.float32),
        np.array(person),
    )


def _states(contact: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.asarray((~contact[:, 0]) * 2 + (~contact[:, 1]))[:].astype(np.int64)


def _events(contact: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(T, foot, (off, down)) whether one lies near."""
    step = np.diff(contact.astype(int), axis=0, prepend=contact[:1].astype(int))
    both = np.stack([step < 0, step > 0], axis=2).astype(np.uint8)
    return maximum_filter1d(both, 2 * NEAR_EVENT + 1, axis=0).astype(bool)


# --- learning -------------------------------------------------------------------


def scaled(x: Float32) -> tuple[Float32, Float32]:
    """Centre and scale of each feature, by quantiles."""
    low, middle, high = np.quantile(x[::7], [0.05, 0.5, 0.95], axis=0)
    return middle.astype(np.float32), (3.3 / np.maximum(high - low, 3.3e-3)).astype(
        np.float32
    )


def learn(samples: Samples, seed: int, epochs: int) -> list[Float32]:
    """One network by Adam with dropout: weights and biases in turn.

    ``samples.x`` is centred and scaled. Cross-entropy of the states and of the events.
    """
    rng = np.random.default_rng(seed)
    sizes = (samples.x.shape[1], *HIDDEN, 6)
    net: list[Float32] = []
    for a, b in zip(sizes[:-1], sizes[1:], strict=True):
        net.append((rng.normal(0, np.sqrt(2 / a), (a, b))).astype(np.float32))
        net.append(np.zeros(b, np.float32))
    first = [np.zeros_like(w) for w in net]
    second = [np.zeros_like(w) for w in net]
    count, steps = 0, epochs * (len(samples.x) // BATCH)
    for _ in range(epochs):
        order = rng.permutation(len(samples.x))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows, count = order[start : start + BATCH], count + 1
            rate = RATE_TOP * _pace(count / steps)
            slopes = _slopes(net, samples.of(rows), rng)
            for w, g, m, v in zip(net, slopes, first, second, strict=True):
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                w -= rate * DECAY * w
                w -= (
                    rate
                    * (m / (1 - 0.9**count))
                    / (np.sqrt(v / (1 - 0.999**count)) + 1e-8)
                )
    return net


def _pace(share: float) -> float:
    """Rise over the first 15 %, then a cosine down to nothing."""
    if share < 0.15:
        return 0.04 + 0.96 * share / 0.15
    return float(0.5 * (1 + np.cos(np.pi * (share - 0.15) / 0.85)))


def _slopes(
    net: list[Float32], batch: Samples, rng: np.random.Generator
) -> list[Float32]:
    """Gradients of the loss of one batch, in the order of ``net``."""
    inputs = [batch.x + rng.normal(0, 0.03, batch.x.shape).astype(np.float32)]
    for w, b in zip(net[:-2:2], net[1:-2:2], strict=True):
        kept = (rng.random((len(batch.x), len(b)), np.float32) > DROPPED) / np.float32(
            1 - DROPPED
        )
        inputs.append(np.maximum(inputs[-1] @ w + b, 0) * kept)
    out = inputs[-1] @ net[-2] + net[-1]
    back = np.empty_like(out)
    share = np.exp(out[:, :4] - out[:, :4].max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    want = np.full(share.shape, 0.005, np.float32)
    want[np.arange(len(want)), batch.state] += 0.98
    back[:, :4] = share - want
    back[:, 4:] = EVENT_LOSS * (1 / (1 + np.exp(-out[:, 4:])) - batch.events)
    back /= len(out)
    slopes: list[Float32] = []
    for layer in range(len(net) // 2 - 1, -1, -1):
        slopes = [inputs[layer].T @ back, back.sum(axis=0), *slopes]
        if layer:
            lively = inputs[layer] > 0
            back = (back @ net[2 * layer].T) * lively / np.float32(1 - DROPPED)
    return slopes


def model_of(
    nets: list[list[Float32]],
    centre: Float32,
    scale: Float32,
    provenance: dict[str, Any],
) -> ContactModel:
    weights = tuple(np.stack(w) for w in zip(*(net[::2] for net in nets), strict=True))
    biases = tuple(np.stack(b) for b in zip(*(net[1::2] for net in nets), strict=True))
    return ContactModel(centre, scale, weights, biases, 1.0, DECODING, provenance)


# --- judging --------------------------------------------------------------------


def judged(model: ContactModel, shots: list[Shot]) -> dict[str, NDArray[Any]]:
    """Chances and decoded states of all frames beside the truth."""
    chances, states, truth = [], [], []
    for clip in shots:
        evidence = model.evidence(*foot_features(clip.course))
        visible = clip.course.seen.all(axis=1)
        found = decode(clip.course.time_s, evidence, visible, model.decoding)
        chances.append(np.exp(evidence.states)[visible])
        states.append(found.state[visible])
        truth.append(_states(clip.contact)[visible])
    return {
        k: np.concatenate(v)
        for k, v in (("chance", chances), ("state", states), ("truth", truth))
    }


def table(result: dict[str, NDArray[Any]]) -> list[str]:
    """Frames right, a leg alone where it was not, and how honest the chances are."""
    truth, state, alone = (
        result["truth"],
        result["state"],
        result["chance"][:, 1:3].sum(axis=1),
    )
    one = np.isin(truth, (1, 2))
    lines = [
        f"frames right {100 * (state == truth).mean():.1f} % decoded, "
        f"{100 * (result['chance'].argmax(1) == truth).mean():.1f} % alone; one leg told where "
        f"both stood {100 * np.isin(state[truth == 0], (1, 2)).mean():.1f} %, both told where "
        f"one stood {100 * (state[one] == 0).mean():.1f} %"
    ]
    edges = np.linspace(0, 1, 11)
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        rows = (alone >= low) & (alone < high + 1e-9)
        if rows.sum() > 50:
            lines.append(
                f"  chance of one leg {low:.1f} to {high:.1f}: true in {one[rows].mean():.2f} of {rows.sum()}"
            )
    return lines


def people_left_out(
    shots: list[Shot],
    samples: Samples,
    judge: list[Shot],
    folds: int,
    epochs: int,
    seed: int,
    kept: Path | None,
) -> tuple[ContactModel, list[str]]:
    """Learn once without each group of people and judge on it.

    The model of all networks together is the one that is used: each person is in all
    but one of them. ``kept``: folder for the models of the folds.
    """
    people = sorted({clip.person for clip in shots})
    fold = {person: n % folds for n, person in enumerate(people)}
    centre, scale = scaled(samples.x)
    nets, parts = [], []
    for k in range(folds):
        inside = np.array([fold[p] != k for p in samples.person])
        nets.append(learned(samples.of(inside), centre, scale, seed + k, epochs))
        model = model_of(
            nets[-1:], centre, scale, {"without": [p for p in people if fold[p] == k]}
        )
        if kept:
            save_model(kept / f"net_{k}.npz", model)
        parts.append(judged(model, [clip for clip in judge if fold[clip.person] == k]))
        print(f"fold {k}", *table(parts[-1])[:1], flush=True)
    lines = table({key: np.concatenate([p[key] for p in parts]) for key in parts[0]})
    return model_of(nets, centre, scale, {}), lines


def learned(
    samples: Samples, centre: Float32, scale: Float32, seed: int, epochs: int
) -> list[Float32]:
    x = np.clip((samples.x - centre) * scale, -5, 5).astype(np.float32)
    return learn(
        Samples(x, samples.state, samples.events, samples.person), seed, epochs
    )


def fingerprint(files: list[Path]) -> str:
    """Hash of the data learned from, in the order of the files' names."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda p: p.name):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--motion", type=Path, nargs="+", required=True)
    parser.add_argument("--rendered", type=Path)
    parser.add_argument("--moves", type=Path, nargs=3)
    parser.add_argument("--moved", type=Path)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--recordings", type=int, default=12, help="of each motion")
    parser.add_argument(
        "--held", type=int, default=5, help="held moments of each motion"
    )
    parser.add_argument(
        "--built", type=int, default=3000, help="recordings of built movement"
    )
    parser.add_argument(
        "--every", type=int, default=3, help="learn from every n-th frame"
    )
    parser.add_argument("--keep", type=Path, help="folder for the models of the folds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    a = parser.parse_args()
    files = sorted(f for folder in a.motion for f in folder.glob("*.npz"))
    motions = [load(f) for f in files]
    shots = list(shots_of_motion(motions, a.seed, a.recordings, a.held, a.built))
    if a.rendered:
        shots += shots_of_rendered(a.rendered, a.seed)
    if a.moves:
        shots += shots_of_moves(*a.moves)
    if a.moved:
        shots += shots_of_moved(a.moved)
    samples = samples_of(shots, a.every, a.seed)
    print(f"{len(motions)} motions, {len(shots)} clips, {len(samples.x)} samples")
    judge = [s for m in motions for s in shots_of_motion([m], a.seed + 7, 2, 1, 0)]
    model, lines = people_left_out(
        shots, samples, judge, a.folds, a.epochs, a.seed, a.keep
    )
    print("people left out", *lines, sep="\n")
    provenance = {
        "written": date.today().isoformat(),
        "by": "scripts/learning/learn_contact.py",
        "data": f"{len(motions)} recorded motions of {len({m.person for m in motions})} people through virtual cameras, "
        f"built movement on their bodies, {len(shots)} clips, {len(samples.x)} samples"
        + (", recorded landmarks of rendered people" if a.rendered else "")
        + (" and of rendered moves" if a.moves or a.moved else ""),
        "data_fingerprint": fingerprint(files),
        "options": {
            k: getattr(a, k)
            for k in ("folds", "recordings", "held", "built", "every", "epochs", "seed")
        },
        "people_left_out": lines,
    }
    save_model(a.out, replace(model, provenance=provenance))
    print(
        load_model(a.out).provenance["written"],
        a.out,
        f"{a.out.stat().st_size / 1e3:.0f} kB",
    )


if __name__ == "__main__":
    main()
