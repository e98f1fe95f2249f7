"""Line drawings of exercises, made from joint angles; SVG text that prints well.

Lengths are shares of the body's height, chosen for a readable figure, not a norm.
Drawings take the colour of the text round them (``currentColor``).
"""

from collections.abc import Iterable
from html import escape
from math import cos, radians, sin

from balance.reference.exercise import Exercise, StickPose

Point = tuple[float, float]

# Drawing units: a figure is about 100 high; y runs down, the floor is at 0.
THIGH, SHIN, FOOT, TRUNK, NECK, HEAD = 24.0, 24.0, 11.0, 30.0, 4.0, 6.5
UPPER_ARM, FOREARM = 15.0, 14.0
SHOULDERS, HIPS = 9.0, 6.0
PANEL, HEIGHT, FLOOR = 110.0, 120.0, 108.0


def draw_exercise(exercise: Exercise) -> str:
    """Return one SVG: the poses of an exercise side by side, start to end."""
    return draw_poses(exercise.drawing, exercise.title)


def draw_poses(poses: Iterable[StickPose], title: str) -> str:
    """Return one SVG of all poses, with arrows in between and a spoken title."""
    panels = [_panel(pose) for pose in poses]
    parts = []
    for index, panel in enumerate(panels):
        parts.append(f'<g transform="translate({index * PANEL:g} 0)">{panel}</g>')
        if index:
            parts.append(_arrow(index * PANEL))
    width = PANEL * max(1, len(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {HEIGHT:g}" '
        f'role="img" aria-label="{escape(title)}" fill="none" stroke="currentColor" '
        'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _panel(pose: StickPose) -> str:
    draw = {"side": _side, "front": _front, "foot": _foot, "toes": _toes}[pose.view]
    floor = _line([(8, FLOOR), (PANEL - 8, FLOOR)], width=1)
    marks = "".join(MARKS[mark] for mark in pose.marks)
    return draw(pose) + marks + ("" if pose.view == "toes" else floor)


def _path(d: str, more: str = "", width: float = 1.8) -> str:
    return f'<path d="{d}" stroke-width="{width:g}"{more}/>'


# Signs beside a figure: what is used, where it goes, how one sits or looks.
MARKS = {
    "eyes_closed": _path("M84 14q8 8 16 0M86 19l-2 4M92 20v4M98 19l2 4"),
    "cushion": '<rect x="28" y="107" width="54" height="9" rx="4.5"/>',
    "both_hands": _path("M14 62v-6M96 62v-6M20 56h-12M102 56h-12"),
    "fingertips": _path("M14 58v.1M96 58v.1", width=5),
    "band": _path("M82 100q14 2 16 -18M98 82v-14", ' stroke-dasharray="4 3"'),
    "towel": _path("M14 114q6 -5 12 0t12 0 12 0 12 0 12 0 12 0"),
    "circle": _path("M104 92a9 9 0 1 1 -6 -9M98 83l-5 -1M98 83l-2 5"),
    "pull": _path("M90 96q10 -12 2 -26M92 70l-5 5M92 70l6 4"),
    "seat": _path("M8 8v26h18v12M8 34v12M8 34h18"),
    "one_by_one": _path("M28 20h10M42 20h10M56 20h10M70 20h10"),
    "walk": _path("M14 115h82M96 115l-6 -4M96 115l-6 4"),
    "rock": _path("M28 115h54M28 115l6 -4M28 115l6 4M82 115l-6 -4M82 115l-6 4"),
    "roll": _path("M70 114q12 6 24 -2M94 112l-7 1M94 112l-3 6"),
}


def _arrow(x: float) -> str:
    tip = (x + 6, HEIGHT / 2)
    return _line([(x - 6, HEIGHT / 2), tip], width=1.4) + _line(
        [(x + 2, HEIGHT / 2 - 4), tip, (x + 2, HEIGHT / 2 + 4)], width=1.4
    )


def _line(points: list[Point], width: float | None = None, faint: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f' stroke-width="{width:g}"' if width else ""
    style += ' opacity="0.45"' if faint else ""
    return f'<polyline points="{path}"{style}/>'


def _circle(centre: Point, radius: float, filled: bool = False) -> str:
    fill = ' fill="currentColor"' if filled else ""
    return f'<circle cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" r="{radius:g}"{fill}/>'


def _step(start: Point, length: float, angle_deg: float) -> Point:
    """Go ``length`` from a point; 0° is down, + turns towards the right."""
    turn = radians(angle_deg)
    return start[0] + length * sin(turn), start[1] + length * cos(turn)


def _side_leg(hip: Point, pose: StickPose, leg: int) -> list[Point]:
    """Hip, knee, ankle, ball of the foot and heel, as one line."""
    knee = _step(hip, THIGH, pose.hips_deg[leg])
    ankle = _step(knee, SHIN, pose.hips_deg[leg] - pose.knees_deg[leg])
    ball = _step(ankle, FOOT, 78 - pose.heel_deg[leg])
    return [hip, knee, ankle, ball]


def _side(pose: StickPose) -> str:
    legs = [_side_leg((0.0, 0.0), pose, leg) for leg in (0, 1)]
    lowest = max(y for leg in legs for _, y in leg)
    # The standing foot stays in the middle of the panel.
    foot = max(legs, key=lambda leg: leg[-1][1])[-2]
    hip = (PANEL * 0.45 - foot[0], FLOOR - 1 - lowest)
    shoulder = _step(hip, -TRUNK, -pose.trunk_deg)
    head = _step(shoulder, -(NECK + HEAD), -pose.trunk_deg)
    parts = [_circle(head, HEAD), _line([hip, shoulder])]
    for leg in (1, 0):
        moved = [(x + hip[0], y + hip[1]) for x, y in legs[leg]]
        elbow = _step(shoulder, UPPER_ARM, pose.arms_deg[leg])
        hand = _step(elbow, FOREARM, pose.arms_deg[leg] + 14)
        parts += [_line(moved, faint=leg == 1)]
        parts += [_line([shoulder, elbow, hand], width=2, faint=leg == 1)]
    return "".join(parts) + _prop(pose.prop)


def _prop(prop: str) -> str:
    """Draw what stands beside the figure: a support, a wall, a step."""
    if prop == "support":
        return _line([(80, FLOOR), (80, 58), (PANEL - 6, 58)], width=1.6)
    if prop == "wall":
        return _line([(100, FLOOR), (100, 12)], width=1.6)
    if prop == "step":
        return _line([(62, FLOOR), (62, FLOOR - 12), (92, FLOOR - 12)], width=1.6)
    if prop == "bar":
        return _line([(14, 62), (PANEL - 14, 62)], width=1.6)
    return ""


def _front_leg(hip: Point, pose: StickPose, leg: int, sign: float) -> list[Point]:
    """Hip, knee, ankle, toe; a raised foot hangs before the other shin."""
    short = 1 - 0.35 * pose.bend[leg]
    lift = pose.lift[leg]
    thigh = THIGH * (short - 0.55 * lift)
    shin = SHIN * (short - 0.25 * lift)
    knee = _step(hip, thigh, sign * pose.thighs_deg[leg] + pose.sway_deg)
    ankle = _step(knee, shin, sign * pose.shins_deg[leg] + pose.sway_deg)
    return [hip, knee, ankle, (ankle[0] + sign * 4, ankle[1] + 3)]


def _front(pose: StickPose) -> str:
    sides = ((0, 1.0), (1, -1.0))
    legs = [_front_leg((s * HIPS, 0.0), pose, leg, s) for leg, s in sides]
    lowest = max(y for leg in legs for _, y in leg)
    middle = (PANEL / 2 + 0.6 * pose.sway_deg, FLOOR - 1 - lowest - 100 * pose.air)
    neck = _step(middle, -TRUNK, pose.trunk_deg)
    head = _step(neck, -(NECK + HEAD), pose.trunk_deg)
    parts = [
        _circle(head, HEAD),
        _line([middle, neck]),
        _line([(neck[0] - SHOULDERS, neck[1]), (neck[0] + SHOULDERS, neck[1])]),
        _line([(middle[0] - HIPS, middle[1]), (middle[0] + HIPS, middle[1])]),
    ]
    for leg, sign in sides:
        parts.append(_line([(x + middle[0], y + middle[1]) for x, y in legs[leg]]))
        shoulder = (neck[0] + sign * SHOULDERS, neck[1])
        elbow = _step(shoulder, UPPER_ARM, sign * pose.arms_deg[leg])
        hand = _step(elbow, FOREARM, sign * pose.arms_deg[leg])
        parts.append(_line([shoulder, elbow, hand], width=2))
    return "".join(parts) + _prop(pose.prop)


def _foot(pose: StickPose) -> str:
    """Draw a foot from the side, toes to the right, pitched about the ball."""
    ball, length = (74.0, FLOOR - 2), 52.0
    turn = radians(pose.pitch_deg)

    def place(back: float, up: float) -> Point:
        x, y = -back * length, -up * length
        return (
            ball[0] + x * cos(turn) + -y * sin(turn),
            ball[1] + y * cos(turn) + x * sin(turn),
        )

    arch = 0.04 + 0.16 * pose.arch
    sole = [place(1.0, 0.0), place(0.75, 0.5 * arch), place(0.45, arch)]
    sole += [place(0.2, 0.4 * arch), place(0.0, 0.0)]
    # Curled toes arch up from the ball before they point down, so they stay above
    # the floor.
    curled = pose.toes_deg < 0 and pose.pitch_deg == 0
    middle = _step(ball, 8.0, 140 if curled else 90 + pose.toes_deg)
    toe = _step(middle, 8.0, 90 + pose.toes_deg)
    top = [place(1.06, 0.12), place(0.95, 0.62), place(0.62, 0.6), place(0.0, 0.16)]
    parts = [
        _line([place(1.0, 0.0), *top]),
        _line(sole),
        _line([ball, middle, toe], width=4),
    ]
    parts.append(_line([place(0.95, 0.62), place(0.95, 1.1)], width=1.2))
    if pose.ball:
        parts.append(_circle(place(0.45, -0.02), 6))
    return "".join(parts)


def _toes(pose: StickPose) -> str:
    """Draw a foot from above; a lifted toe is an open circle, a pressed one full."""
    heel, ball_y = (PANEL / 2, 96.0), 52.0
    parts = [
        _line([(36, ball_y), (42, 84), heel, (66, 84), (76, ball_y + 6)]),
        _line([(36, ball_y), (48, ball_y - 5), (62, ball_y - 3), (76, ball_y + 6)]),
    ]
    for toe in range(5):
        root = (40 + 8.4 * toe, ball_y - 4 + (0.8 * toe) ** 1.6)
        tip = _step(root, 20 - 2.4 * toe, 180 + pose.splay_deg * (2 - toe))
        parts.append(_line([root, tip], width=2))
        radius = 4.2 if toe == 0 else 3.0
        parts.append(_circle(tip, radius, filled=pose.up[toe] < 0.5))
    return "".join(parts)
