"""Write the parameters of rendered clips of real movement.

    python scripts/make_moves.py MOTION SYNTHKIT OUT
    cd SYNTHKIT && venv/bin/python -m synthkit.clip OUT/params/*.json -o OUT/clips

MOTION is the folder of recorded marker motion (with ``many`` in it), SYNTHKIT that of
the renderer. Out come ``params/NAME.json``, one a clip, ``motions/NAME.npz`` where a
motion was changed, and ``plan.json``: the clips in the order of their worth, with body,
camera, source, licence and whether body and mover are held out. The same seed gives the
same clips. Only motions whose licence lets them be rendered into a repository are used.
"""

import argparse
import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from alter_motion import (
    Motion,
    quicker,
    read_motion,
    shallower,
    shifting,
    still,
    with_valgus,
    write_motion,
)
from moves_plan import HELD_OUT_MOVERS, PLAN, Entry

BODIES = 21
HELD_OUT_EVERY = 3  # every third body is kept apart
MALE = {
    "outfit": [
        "male_casualsuit01", "male_casualsuit02", "male_casualsuit03",
        "male_casualsuit04", "male_casualsuit05", "male_casualsuit06",
        "male_worksuit01",
    ],
    "hair": ["short01", "short02", "short03", "short04", "afro01"],
    "stature": (1.64, 1.93),
}  # fmt: skip
FEMALE = {
    "outfit": [
        "female_casualsuit01", "female_casualsuit02", "female_sportsuit01",
    ],
    "hair": ["ponytail01", "bob01", "bob02", "long01", "short03"],
    "stature": (1.50, 1.78),
}  # fmt: skip
SHOES = ["shoes01", "shoes02", "shoes03", "shoes04", "shoes05", "shoes06", None]
# Formats: an upright phone (twice as often), one lying, and an upright 3:4 camera.
FORMATS = {
    "upright": {"width": 360, "height": 640, "hfov_deg": (40.0, 46.0)},
    "lying": {"width": 640, "height": 360, "hfov_deg": (60.0, 68.0)},
    "three_four": {"width": 480, "height": 640, "hfov_deg": (48.0, 54.0)},
}
LOT = ("upright", "upright", "lying", "upright", "three_four", "lying")
NEAREST_M, FARTHEST_M = 2.4, 5.0
MARGIN = 0.05  # of the image that stays free at every edge
HEAD_M = 0.16  # from the nose to the top of the hair
LICENCES = ("UI-PRMD", "CMU", "BSD", "Apache")


@dataclass(frozen=True)
class Place:
    """Where a clip's files go and come from."""

    motion: Path
    synthkit: Path
    out: Path


def main() -> None:
    """Write parameters, changed motions and the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("motion", type=Path)
    parser.add_argument("synthkit", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=20)
    told = parser.parse_args()
    sys.path.insert(0, str(told.synthkit))
    for name in ("params", "motions"):
        (told.out / name).mkdir(parents=True, exist_ok=True)
    place = Place(told.motion.resolve(), told.synthkit, told.out.resolve())
    bodies = [make_body(told.seed, index) for index in range(BODIES)]
    turns = {True: 0, False: 0}
    plan = []
    for number, entry in enumerate(PLAN):
        held_out = is_held_out(entry)
        pool = [b for b in range(BODIES) if kept_apart(b) == held_out]
        body = pool[turns[held_out] % len(pool)]
        turns[held_out] += 1
        rng = np.random.default_rng([told.seed, 1000 + number])
        clip = make_clip(entry, number, body, bodies[body], rng, place)
        plan.append(clip | {"held_out": held_out})
        print(clip["name"], clip["seconds"], round(clip["distance_m"], 2), flush=True)
        (place.out / "plan.json").write_text(json.dumps(plan, indent=1) + "\n")


def kept_apart(body: int) -> bool:
    """Whether a body is held out of all tuning."""
    return body % HELD_OUT_EVERY == HELD_OUT_EVERY - 1


def is_held_out(entry: Entry) -> bool:
    """Whether the mover of an entry is held out; scripts say so themselves."""
    return entry.held_out or any(m in entry.motion for m in HELD_OUT_MOVERS)


def make_body(seed: int, index: int) -> dict[str, Any]:
    """Draw one person by lot."""
    rng = np.random.default_rng([seed, index])
    male = bool((index + index // 3) % 2)
    kind = MALE if male else FEMALE
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    tint = [round(float(x), 2) for x in rng.uniform(0.55, 1.0, 3)]
    return {
        "gender": float(male),
        "age": int(rng.integers(20, 80)),
        "race": ("caucasian", "african", "asian")[int(rng.integers(3))],
        "weight": round(float(rng.uniform(0.35, 0.8)), 2),
        "muscle": round(float(rng.uniform(0.35, 0.75)), 2),
        "stature": round(float(rng.uniform(*kind["stature"])), 2),
        "outfit": kind["outfit"][(index // 2) % len(kind["outfit"])],
        "shoes": SHOES[index % len(SHOES)],
        "hair": pick(kind["hair"]),
        "tint": {"outfit": tint},
    }


def make_clip(  # noqa: PLR0913
    entry: Entry,
    number: int,
    body: int,
    person: dict[str, Any],
    rng: np.random.Generator,
    place: Place,
) -> dict[str, Any]:
    """Write one clip's parameters and return its line of the plan."""
    name = f"m{body + 1:02d}_{entry.kind}_{number + 1:02d}"
    motion, told = motion_of(entry, name, rng, place)
    camera = draw_camera(entry, number, rng)
    parameters = {
        "seed": 2000 + number,
        "fps": entry.fps,
        "room_seed": int(rng.integers(1000)),
        "person": person,
        "camera": framed(camera, person, motion, entry, rng),
        "light": draw_light(rng),
        "motion": motion,
        "post": {
            "noise": round(float(rng.uniform(0.8, 3.0)), 2),
            "blur_px": round(float(rng.uniform(0.3, 0.6)), 2),
            "crf": int(rng.integers(20, 27)),
        },
    }
    text = json.dumps(parameters, indent=1) + "\n"
    (place.out / "params" / f"{name}.json").write_text(text)
    return {
        "name": name,
        "kind": entry.kind,
        "body": f"m{body + 1:02d}",
        "seconds": entry.seconds,
        "yaw_deg": entry.yaw_deg,
        "camera_height_m": parameters["camera"]["height_m"],
        "distance_m": parameters["camera"]["distance"],
        "size_px": [camera["width"], camera["height"]],
        **told,
    }


def motion_of(
    entry: Entry, name: str, rng: np.random.Generator, place: Place
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a clip's ``motion`` and what is told of its source."""
    if entry.script is not None:
        told = {"mover": "script", "source": "scripted", "licence": "none needed"}
        return {**entry.script, "duration": entry.seconds}, told
    path = place.motion / entry.motion
    motion = read_motion(path)
    licence = str(motion.truth.get("licence"))
    if not any(word in licence for word in LICENCES) or "GPL" in licence:
        raise ValueError(f"{entry.motion} may not be rendered into a repository")
    mover = motion.truth.get("person") or path.stem.split("_")[0]
    told = {
        "mover": mover,
        "source": str(motion.truth.get("source")),
        "licence": licence,
        "motion": entry.motion,
        "altered": entry.alter,
    }
    window = {"start_s": entry.start_s, "end_s": entry.start_s + entry.seconds}
    if entry.alter is not None:
        path = place.out / "motions" / f"{name}.npz"
        write_motion(altered(motion, entry, rng), path)
    return {"file": str(path), **window, "turn_deg": entry.turn_deg}, told


def altered(motion: Motion, entry: Entry, rng: np.random.Generator) -> Motion:
    """Change a motion as its entry asks."""
    ways = dict(entry.alter or {})
    if "still" in ways:
        return still(motion, entry.seconds + 1, rng)
    if "shift" in ways:
        return shifting(motion, entry.seconds + 1, rng)
    if "share" in ways:
        motion = shallower(motion, ways["share"])
    if "valgus_deg" in ways:
        motion = with_valgus(motion, ways["valgus_deg"])
    return quicker(motion, ways["speed"]) if "speed" in ways else motion


def draw_camera(entry: Entry, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Draw a camera; its distance and aim come later."""
    form = FORMATS[entry.form or LOT[number % len(LOT)]]
    return {
        "width": form["width"],
        "height": form["height"],
        "hfov_deg": round(float(rng.uniform(*form["hfov_deg"])), 1),
        "height_m": round(float(rng.uniform(0.7, 1.4)), 2),
        "azimuth_deg": entry.yaw_deg + entry.turn_deg,
        "roll_deg": round(float(rng.uniform(-1.5, 1.5)), 2),
        "shift_m": [round(float(rng.uniform(-0.12, 0.12)), 2), 0],
    }


def draw_light(rng: np.random.Generator) -> dict[str, float]:
    """Draw how a room is lit."""
    return {
        "gain": round(float(rng.uniform(0.65, 1.1)), 2),
        "azimuth_deg": round(float(rng.uniform(-70, 70)), 1),
        "elevation_deg": round(float(rng.uniform(35, 65)), 1),
    }


def framed(
    camera: dict[str, Any],
    person: dict[str, Any],
    motion: dict[str, Any],
    entry: Entry,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Put the camera as near as everything of the person stays in the image."""
    points = points_of(person, motion, entry)
    view = importlib.import_module("synthkit.render").Camera
    middle = (points[..., 2].min() + points[..., 2].max()) / 2
    size = np.array([camera["width"], camera["height"]])
    for distance in np.arange(NEAREST_M, FARTHEST_M, 0.1):
        aim = [0.0, 0.0, round(float(middle), 2)]
        found = camera | {"distance": round(float(distance), 2), "look_at_m": aim}
        places, depth = view(**found).project(points)
        inside = (places > MARGIN * size) & (places < (1 - MARGIN) * size)
        seen = inside[..., 1] if entry.leaves_image else inside.all(-1)
        if seen.all() and depth.min() > 1:
            break
    more = 0.0 if entry.leaves_image else float(rng.uniform(0, 0.9))
    return found | {"distance": round(found["distance"] + more, 2)}


def points_of(
    person: dict[str, Any], motion: dict[str, Any], entry: Entry
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(T, N, 3) m: joints of the body and the top of the head, four times a second."""
    body = importlib.import_module("synthkit.assets").Body(person)
    mover = importlib.import_module("synthkit.real").mover(body, motion, 0, None)
    found = []
    for time_s in np.arange(0, entry.seconds - 0.05, 0.25):
        joints = mover.pose(time_s).joints()
        found.append([*joints.values(), joints["nose"] + np.array([0, 0, HEAD_M])])
    return np.array(found)


if __name__ == "__main__":
    main()
