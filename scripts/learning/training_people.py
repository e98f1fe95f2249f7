"""People to learn contact of the feet from: recorded motion and built movement.

A figure is (T, 2, 8, 3): side (left, right), joint (``JOINTS``), metres with Y up,
30 Hz, beside (T, 2) whether each foot touches the floor.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Array = NDArray[np.float64]
JOINTS = ("hip", "knee", "ankle", "heel", "toe", "shoulder", "elbow", "wrist")
HIP, KNEE, ANKLE, HEEL, TOE, SHOULDER, ELBOW, WRIST = range(8)
SIDES = ("left", "right")
RATE_HZ = 30.0


@dataclass(frozen=True, eq=False)
class Motion:
    name: str
    person: str
    joints: Array
    contact: NDArray[np.bool_]
    truth: dict


def person_of(name: str, truth: dict) -> str:
    """Some recordings of different sources show the same person."""
    if "person" in truth:
        return str(truth["person"])
    first = name.split("_")[0]
    return {"e1": "opencap_e1", "s4": "opencap_s4", "s": "opencap_s4"}.get(first, first)


def load(path: Path) -> Motion:
    with np.load(path) as z:
        time_s, truth = z["time_s"].astype(float), json.loads(str(z["truth"]))
        joints = np.stack(
            [np.stack([z[f"{s}_{j}"] for j in JOINTS], 1) for s in SIDES], 1
        )
        contact = np.stack([z[f"contact_{s}"] for s in SIDES], 1).astype(float)
    return Motion(
        path.stem,
        person_of(path.stem, truth),
        *_sampled(time_s, joints, contact),
        truth,
    )


def _sampled(time_s, joints, contact):
    at = np.arange(time_s[0], time_s[-1], 1 / RATE_HZ)
    flat = joints.reshape(len(joints), -1).astype(float)
    out = np.stack([np.interp(at, time_s, c) for c in flat.T], 1).reshape(
        len(at), *joints.shape[1:]
    )
    near = np.stack([np.interp(at, time_s, c) for c in contact.T], 1) > 0.5
    return out, near


def mirrored(joints: Array, contact):
    out = joints[:, ::-1].copy()
    out[..., 0] *= -1
    return out, contact[:, ::-1].copy()


def noise(rng, frames: int, shape: tuple[int, ...], period_s: float) -> Array:
    """Smooth unit noise with about this period."""
    sigma = period_s * RATE_HZ / 4
    x = gaussian_filter1d(
        rng.normal(size=(frames + int(8 * sigma) + 2, *shape)), sigma, axis=0
    )
    x = x[int(4 * sigma) : int(4 * sigma) + frames]
    return x * np.sqrt(2 * np.sqrt(np.pi) * sigma)


def with_sway(rng, joints: Array, contact, amount) -> Array:
    """Let the body sway over its planted feet; ``amount`` (T,) 0 to 1."""
    n, out = len(joints), joints.copy()
    sway = (
        noise(rng, n, (3,), rng.uniform(1, 4))
        * rng.uniform(0.003, 0.012)
        * [1, 0.15, 0.8]
    )
    sway *= amount[:, None]
    out[:, :, [HIP, SHOULDER, ELBOW, WRIST]] += sway[:, None, None]
    for side in (0, 1):
        up = gaussian_filter1d((~contact[:, side]).astype(float), 4)[:, None]
        own = (
            noise(rng, n, (3,), rng.uniform(0.6, 3))
            * rng.uniform(0.004, 0.03)
            * amount[:, None]
        )
        free = up * (sway + own)
        out[:, side, [ANKLE, HEEL, TOE]] += free[:, None]
        out[:, side, KNEE] += (sway + free) / 2
    return out


def paced(rng, motion: Motion, pauses: int):
    """The motion at another pace, held still at some moments."""
    n = len(motion.joints)
    pace = rng.uniform(0.8, 1.25)
    touching = np.flatnonzero(motion.contact.any(1))
    alone = np.flatnonzero(motion.contact.sum(1) == 1)
    source, held, i = [], [], 0.0
    pool = alone if len(alone) and rng.random() < 0.5 else touching
    stops = sorted(rng.choice(pool, pauses)) if pauses and len(pool) else []
    for stop in [*stops, None]:
        end = n - 1 if stop is None else stop
        step = np.arange(i, end, pace) if end > i else np.array([])
        source.append(step)
        held.append(np.zeros(len(step)))
        i = max(i, float(end))
        if stop is not None:
            m = int(rng.uniform(1, 9) * RATE_HZ)
            source.append(np.full(m, i))
            held.append(np.ones(m))
    t = np.clip(gaussian_filter1d(np.concatenate(source), 4, mode="nearest"), 0, n - 1)
    amount = gaussian_filter1d(np.concatenate(held), 6)
    k = np.minimum(t.astype(int), n - 2)
    f = (t - k)[:, None, None, None]
    joints = motion.joints[k] * (1 - f) + motion.joints[k + 1] * f
    contact = motion.contact[np.round(t).astype(int)]
    return with_sway(rng, joints, contact, amount), contact


def frozen(rng, motion: Motion, seconds: float, alone: bool):
    """One moment held: both feet planted, or one."""
    want = motion.contact.sum(1) == (1 if alone else 2)
    rows = np.flatnonzero(want)
    if len(rows) == 0:
        return None
    i = int(rng.choice(rows))
    n = int(seconds * RATE_HZ)
    joints = np.repeat(motion.joints[i : i + 1], n, 0)
    contact = np.repeat(motion.contact[i : i + 1], n, 0)
    return with_sway(rng, joints, contact, np.ones(n)), contact


# --- built movement ---------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Body:
    """Lengths of one person, metres."""

    hip: float
    thigh: float
    shank: float
    ankle_up: float
    toe_ahead: float
    heel_back: float
    trunk: float
    shoulder: float


def body_of(rng, motion: Motion) -> Body:
    j = motion.joints
    length = lambda a, b: float(
        np.median(np.linalg.norm(j[:, :, a] - j[:, :, b], axis=-1))
    )
    width = lambda k: float(np.median(np.linalg.norm(j[:, 0, k] - j[:, 1, k], axis=-1)))
    trunk = np.median(
        np.linalg.norm(j[:, :, SHOULDER].mean(1) - j[:, :, HIP].mean(1), axis=-1)
    )
    s = rng.uniform(0.92, 1.08, 8)
    foot = min(max(length(ANKLE, TOE), 0.1), 0.22)
    return Body(
        width(HIP) * s[0],
        length(HIP, KNEE) * s[1],
        length(KNEE, ANKLE) * s[2],
        rng.uniform(0.06, 0.1),
        foot * s[4] * 0.85,
        rng.uniform(0.03, 0.06),
        float(trunk) * s[6],
        width(SHOULDER) * s[7],
    )


def _ease(n: int) -> Array:
    s = np.linspace(0, 1, max(n, 2))
    return s**3 * (10 - 15 * s + 6 * s * s)


def _turn(yaw, pitch):
    """(…, 3, 3): turns the foot about Y, toes down by ``pitch``."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    z, o = np.zeros_like(cy), np.ones_like(cy)
    about_y = np.stack(
        [
            np.stack([cy, z, sy], -1),
            np.stack([z, o, z], -1),
            np.stack([-sy, z, cy], -1),
        ],
        -2,
    )
    about_x = np.stack(
        [
            np.stack([o, z, z], -1),
            np.stack([z, cp, -sp], -1),
            np.stack([z, sp, cp], -1),
        ],
        -2,
    )
    return about_y @ about_x


def _planted(rng, b, side, wide, ahead):
    sign = 1 - 2 * side
    return dict(
        toe=np.array([sign * wide / 2, 0.0, ahead + b.toe_ahead]),
        pitch=0.0,
        yaw=sign * rng.uniform(-0.1, 0.6),
        pole=rng.uniform(-0.1, 0.5),
        down=1.0,
    )


def _raised(rng, b, side, place, kind=None):
    """A free leg: ankle seen from the hip, how the foot hangs, where the knee points."""
    sign, leg = 1 - 2 * side, b.thigh + b.shank
    kind = kind or rng.choice(
        ["hover", "behind", "knee", "front", "side", "back", "tree", "cross"],
        p=[0.27, 0.16, 0.16, 0.1, 0.1, 0.06, 0.1, 0.05],
    )
    pitch, pole, rel = rng.uniform(-0.2, 0.6), rng.uniform(-0.1, 0.4), None
    if kind == "hover":
        toe = place + [
            rng.normal(0, 0.05),
            rng.uniform(0.015, 0.11),
            rng.normal(0, 0.08),
        ]
        return dict(
            toe=toe,
            pitch=rng.uniform(-0.1, 0.5),
            yaw=sign * rng.uniform(-0.1, 0.5),
            pole=pole,
            down=0.0,
        )
    if kind == "behind":
        a = rng.uniform(-0.2, 0.25)
        k = rng.uniform(0.6, 1.9)
        rel = b.thigh * np.array([0, -np.cos(a), np.sin(a)]) + b.shank * np.array(
            [0, -np.cos(a - k), np.sin(a - k)]
        )
        pitch = rng.uniform(0.5, 1.5)
    elif kind == "knee":
        a = rng.uniform(0.35, 1.6)
        k = a * rng.uniform(0.7, 1.9)
        rel = b.thigh * np.array([0, -np.cos(a), np.sin(a)]) + b.shank * np.array(
            [0, -np.cos(a - k), np.sin(a - k)]
        )
        pitch = rng.uniform(-0.1, 0.8)
    elif kind in ("front", "back"):
        a = rng.uniform(0.12, 1.0) * (1 if kind == "front" else -0.7)
        rel = leg * rng.uniform(0.93, 0.995) * np.array([0, -np.cos(a), np.sin(a)])
        pitch = rng.uniform(-0.3, 0.5) - a * 0.5
    elif kind == "side":
        a = rng.uniform(0.1, 0.8)
        rel = (
            leg
            * rng.uniform(0.93, 0.995)
            * np.array([sign * np.sin(a), -np.cos(a), 0.03])
        )
    else:
        up = rng.uniform(0.2, 0.75) if kind == "tree" else rng.uniform(0.08, 0.35)
        rel = np.array(
            [
                -sign * (b.hip - rng.uniform(0.02, 0.1)),
                -leg * (1 - up),
                rng.uniform(-0.02, 0.1),
            ]
        )
        pole = rng.uniform(0.9, 1.6) if kind == "tree" else rng.uniform(0, 0.8)
        pitch = rng.uniform(0.4, 1.4)
    rel = rel + rng.normal(0, 0.03, 3) * [1, 0.3, 1]
    return dict(
        rel=rel, pitch=pitch, yaw=sign * rng.uniform(-0.1, 0.6), pole=pole, down=0.0
    )


def built(rng, b: Body, seconds: float):
    """Somebody stands on both feet, on one, shifts weight, squats, rises on the toes, steps."""
    leg = b.thigh + b.shank
    wide, ahead = (
        abs(rng.normal(0.22, 0.13)) + 0.08,
        (rng.normal(0, 0.12, 2) if rng.random() < 0.6 else np.zeros(2)),
    )
    floor = [_planted(rng, b, s, wide, ahead[s]) for s in (0, 1)]
    feet, keys, total = list(floor), [], 0.0
    while total < seconds or len(keys) < 2:
        act = rng.choice(
            ["both", "one", "shift", "squat", "toes", "place", "march"],
            p=[0.14, 0.36, 0.17, 0.1, 0.11, 0.08, 0.04],
        )
        bend, lean, over, heels = (
            rng.uniform(0.004, 0.03),
            rng.normal(0.03, 0.04),
            rng.uniform(0.3, 0.7),
            np.zeros(2),
        )
        stance = int(rng.integers(2))
        if act == "march":
            steps = _march(rng, b, floor)
            keys += steps
            total += sum(k["hold"] + k["go"] for k in steps)
            feet = list(floor)
            continue
        if act == "one" and any(f["down"] == 0 for f in feet):
            stance = 0 if feet[0]["down"] else 1
            if rng.random() < 0.6:
                act = "both"
        if act == "one":
            feet = list(floor)
            feet[1 - stance] = _raised(rng, b, 1 - stance, floor[1 - stance]["toe"])
            over = (0.0 if stance == 0 else 1.0) + rng.normal(0, 0.06)
            if rng.random() < 0.3:
                bend, lean = rng.uniform(0.03, 0.35), rng.uniform(0, 0.7)
        else:
            feet = list(floor)
            if act == "shift":
                over = rng.choice([rng.uniform(-0.2, 0.2), rng.uniform(0.8, 1.2)])
                if rng.random() < 0.4:
                    bend = rng.uniform(0.02, 0.25)
                if rng.random() < 0.3:  # the unloaded heel may rise
                    heels = np.array(
                        [0.0, 1.0] if over < 0.5 else [1.0, 0.0]
                    ) * rng.uniform(0.1, 0.9)
            elif act == "squat":
                bend, lean = rng.uniform(0.08, 0.5), rng.uniform(0.1, 0.9)
            elif act == "toes":
                heels = rng.uniform(0.15, 0.9) * (
                    np.ones(2) if rng.random() < 0.6 else np.eye(2)[stance]
                )
                if rng.random() < 0.5:  # up and down again some times
                    low = dict(
                        feet=list(floor),
                        bend=bend,
                        lean=lean,
                        over=0.5,
                        heels=np.zeros(2),
                        hold=rng.uniform(0.1, 0.8),
                        go=rng.uniform(0.3, 1),
                        list=0.0,
                        away=0.0,
                        swing=0.0,
                    )
                    for _ in range(int(rng.integers(1, 5))):
                        keys += [
                            low,
                            {**low, "heels": heels, "hold": rng.uniform(0.1, 1.5)},
                        ]
                        total += low["hold"] + 2 * low["go"] + keys[-1]["hold"]
            elif act == "place":
                s = int(rng.integers(2))
                floor = list(floor)
                how = rng.random()
                wide = (
                    rng.uniform(0.5, 1.4)
                    if how < 0.25
                    else abs(rng.normal(0.25, 0.15)) + 0.08
                )
                far = (
                    rng.choice([-1, 1]) * rng.uniform(0.3, 0.85)
                    if 0.25 < how < 0.55
                    else rng.normal(0, 0.2)
                )
                floor[s] = _planted(rng, b, s, wide, far)
                rear = int(floor[0]["toe"][2] > floor[1]["toe"][2])
                if 0.25 < how < 0.55 and rng.random() < 0.7:
                    floor[rear] = {**floor[rear], "pitch": rng.uniform(0.3, 1.2)}
                if (
                    0.25 < how < 0.35
                ):  # the rear foot on a bench: supported, so no leg stands alone
                    floor[rear]["toe"] = floor[rear]["toe"] + [
                        0,
                        rng.uniform(0.15, 0.5),
                        0,
                    ]
                    floor[rear]["pitch"] = rng.uniform(0.3, 1.8)
                feet = list(floor)
        hold = (
            rng.uniform(0.1, 1.2)
            if act == "squat" or rng.random() < 0.3
            else rng.uniform(0.6, 8)
        )
        keys.append(
            dict(
                feet=list(feet),
                bend=bend,
                lean=lean,
                over=over,
                heels=heels,
                hold=hold,
                go=rng.uniform(0.25, 1.1),
                list=rng.normal(0, 0.03),
                off=rng.normal(0, 0.035, 3) * [1, 0, 1],
                away=rng.normal(0, 0.02) + 0.25 * max(bend - 0.05, 0),
                swing=rng.uniform(0, 0.25) * (rng.random() < 0.3),
            )
        )
        total += hold + keys[-1]["go"]
    return _figure(rng, b, keys, leg)


def _march(rng, b: Body, floor):
    """Steps or runs on the spot."""
    keys, go, hold, between = (
        [],
        rng.uniform(0.08, 0.4),
        rng.uniform(0.03, 0.25),
        rng.random() < 0.5,
    )
    kind, side = (
        rng.choice(["knee", "behind", "hover"], p=[0.6, 0.25, 0.15]),
        int(rng.integers(2)),
    )
    for _ in range(int(rng.integers(4, 22))):
        feet = list(floor)
        feet[side] = _raised(rng, b, side, floor[side]["toe"], kind)
        common = dict(
            bend=rng.uniform(0.004, 0.04),
            lean=0.03,
            heels=np.zeros(2),
            go=go * rng.uniform(0.9, 1.1),
            list=0.0,
            away=0.0,
            swing=0.0,
        )
        inward = (
            rng.uniform(0, 0.6) * b.hip * (1 if side == 0 else -1)
        )  # the hips stay between the feet
        keys.append(
            dict(
                common,
                feet=feet,
                over=0.5,
                hold=hold,
                off=np.array([inward, 0, rng.normal(0, 0.02)]),
            )
        )
        if between:
            keys.append(
                dict(
                    common,
                    feet=list(floor),
                    over=0.5,
                    hold=hold * rng.uniform(0.2, 1.5),
                )
            )
        side = 1 - side
    keys.append(dict(common, feet=list(floor), over=0.5, hold=rng.uniform(0.3, 2)))
    return keys


def _figure(rng, b: Body, keys, leg):
    column = lambda f: _between(keys, f)

    # pelvis
    def base(k):
        places = [f["toe"] if f["down"] else None for f in k["feet"]]
        l, r = (
            p if p is not None else q
            for p, q in ((places[0], places[1]), (places[1], places[0]))
        )
        return (
            l * (1 - k["over"]) + r * k["over"]
            if places[0] is not None and places[1] is not None
            else (l + r) / 2 + k.get("off", 0.0)
        )

    mid = column(lambda k: base(k) * [1, 0, 1] - [0, 0, b.toe_ahead * 0.6 + k["away"]])
    bend, lean, tilt = (
        column(lambda k, n=n: np.array([k[n]]))[:, 0] for n in ("bend", "lean", "list")
    )
    n = len(mid)
    sway = (
        noise(rng, n, (3,), rng.uniform(1, 4))
        * rng.uniform(0.003, 0.014)
        * [1, 0.1, 0.7]
    )
    feet, contact, ease = (
        [],
        np.zeros((n, 2), bool),
        column(lambda k: np.array([k["swing"]]))[:, 0],
    )
    pelvis = mid + sway
    for s in (0, 1):
        feet.append(_foot_course(rng, b, keys, s, n))
    # height of the pelvis: the planted legs must reach
    top = np.full(n, 9.0)
    for s in (0, 1):
        toe, pitch, yaw, pole, down, rel, use = feet[s]
        ankle = toe + np.einsum(
            "tij,j->ti", _turn(yaw, pitch), [0, b.ankle_up, -b.toe_ahead]
        )
        hip = pelvis + [(1 - 2 * s) * b.hip / 2, 0, 0]
        d = ankle - hip
        reach = (
            np.sqrt(np.maximum((leg * 0.998) ** 2 - d[:, 0] ** 2 - d[:, 2] ** 2, 0.04))
            + ankle[:, 1]
        )
        top = np.minimum(top, np.where(down > 0.5, reach, 9.0))
    top = np.where(top > 8, np.min(top), top)
    pelvis[:, 1] = gaussian_filter1d(top, 5) - bend * leg
    joints = np.zeros((n, 2, 8, 3))
    for s in (0, 1):
        sign = 1 - 2 * s
        toe, pitch, yaw, pole, down, rel, use = feet[s]
        hip = pelvis + np.stack(
            [np.full(n, sign * b.hip / 2), sign * tilt * b.hip, np.zeros(n)], 1
        )
        turn = _turn(yaw, pitch)
        own = noise(rng, n, (3,), rng.uniform(0.7, 3)) * rng.uniform(0.003, 0.025)
        phase = 2 * np.pi * rng.uniform(0.3, 1.0) * np.arange(n) / RATE_HZ
        across = rng.uniform(0, 2 * np.pi)
        swing = ease[:, None] * np.stack(
            [
                np.cos(across) * np.sin(phase),
                0.25 * (1 - np.cos(2 * phase)) * 0.5,
                np.sin(across) * np.sin(phase + rng.uniform(0, 1.6)),
            ],
            1,
        )
        free = (1 - down)[:, None] * (own + swing + sway)
        to_hang = (
            hip + rel + np.einsum("tij,j->ti", turn, [0, -b.ankle_up, b.toe_ahead])
        )
        toe = toe * (1 - use)[:, None] + to_hang * use[:, None] + free
        toe[:, 1] = np.maximum(toe[:, 1], 0.0)
        ankle = toe + np.einsum("tij,j->ti", turn, [0, b.ankle_up, -b.toe_ahead])
        heel = toe + np.einsum("tij,j->ti", turn, [0, 0.0, -b.toe_ahead - b.heel_back])
        joints[:, s, HIP], joints[:, s, TOE], joints[:, s, HEEL] = hip, toe, heel
        joints[:, s, ANKLE], joints[:, s, KNEE] = (
            ankle,
            _knee(b, hip, ankle, sign, pole),
        )
        low = np.minimum(toe[:, 1], heel[:, 1])
        pace = np.linalg.norm(np.gradient(toe, axis=0), axis=1) * RATE_HZ
        contact[:, s] = ((low < 0.009) & ((pace < 0.2) | (down > 0.98))) | (
            (down > 0.98) & (pace < 0.05)
        )
        sh = (
            pelvis
            + np.stack(
                [
                    np.sin(tilt) * b.trunk,
                    np.cos(lean) * b.trunk,
                    np.sin(lean) * b.trunk,
                ],
                1,
            )
            + 0.3 * sway
        )
        joints[:, s, SHOULDER] = sh + [sign * b.shoulder / 2, 0, 0]
        joints[:, s, ELBOW] = joints[:, s, SHOULDER] - [0, 0.28, 0]
        joints[:, s, WRIST] = joints[:, s, SHOULDER] - [0, 0.52, 0]
    return joints, contact


def _between(keys, value):
    """Values of the keys held and joined smoothly."""
    rows, last = [], None
    for k in keys:
        v = np.asarray(value(k), float)
        if last is not None:
            s = _ease(int(k["go"] * RATE_HZ))[:, None]
            rows.append(last * (1 - s) + v * s)
        rows.append(np.repeat(v[None], max(int(k["hold"] * RATE_HZ), 1), 0))
        last = v
    return np.concatenate(rows)


def _foot_course(rng, b, keys, side, n):
    def toe(k):
        f = k["feet"][side]
        return f["toe"] if "toe" in f else k["feet"][side].get("from", np.zeros(3))

    for i, k in enumerate(
        keys
    ):  # a hanging foot keeps the place it left, for the blend
        f = k["feet"][side]
        if "rel" in f:
            f["from"] = (
                toe(keys[i - 1]) if i else _planted(rng, b, side, 0.25, 0.0)["toe"]
            )
    place = _between(keys, toe)
    pitch = _between(
        keys,
        lambda k: np.array(
            [
                k["feet"][side]["pitch"]
                + (k["heels"][side] if k["feet"][side]["down"] else 0)
            ]
        ),
    )[:, 0]
    yaw, pole, down = (
        _between(keys, lambda k, m=m: np.array([k["feet"][side][m]]))[:, 0]
        for m in ("yaw", "pole", "down")
    )
    rel = _between(
        keys,
        lambda k: k["feet"][side].get(
            "rel", np.array([(1 - 2 * side) * 0.02, -0.8 * (b.thigh + b.shank), 0.1])
        ),
    )
    use = _between(
        keys, lambda k: np.array([1.0 if "rel" in k["feet"][side] else 0.0])
    )[:, 0]
    at, last = 0, None
    for k in keys:
        f = k["feet"][side]
        if last is not None:
            m = max(int(k["go"] * RATE_HZ), 2)
            if (
                last["down"]
                and f["down"]
                and np.linalg.norm(last["toe"] - f["toe"]) > 0.01
            ):
                arc = np.sin(np.pi * _ease(m))
                place[at : at + m, 1] += rng.uniform(0.03, 0.12) * arc
                down[at : at + m] = np.minimum(down[at : at + m], 1 - arc)
            at += m
        at += max(int(k["hold"] * RATE_HZ), 1)
        last = f
    return place, pitch, yaw, pole, down, rel, use


def _knee(b: Body, hip, ankle, sign, pole):
    d = ankle - hip
    r = np.linalg.norm(d, axis=1, keepdims=True)
    u = d / np.maximum(r, 1e-6)
    r = np.clip(r, abs(b.thigh - b.shank) + 0.01, b.thigh + b.shank - 0.002)
    a = (b.thigh**2 - b.shank**2 + r**2) / (2 * r)
    h = np.sqrt(np.maximum(b.thigh**2 - a**2, 0))
    want = np.stack([sign * np.sin(pole), np.zeros(len(pole)), np.cos(pole)], 1)
    p = want - (want * u).sum(1, keepdims=True) * u
    p /= np.maximum(np.linalg.norm(p, axis=1, keepdims=True), 1e-6)
    return hip + u * a + p * h
