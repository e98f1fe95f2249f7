"""How a result was measured, in sentences that could go into a paper, with sources."""

from collections.abc import Iterator

from balance.model.codes import TrialKind
from balance.model.results import Assessment, Trial
from balance.reference.protocol import Protocol
from balance.reporting.words import wording

# What the method itself rests on; the sources of norms and thresholds come with the
# results that use them.
_POSE = "Bazarevsky V, Grishchenko I, Raveendran K, et al. BlazePose: on-device real-time body pose tracking. arXiv:2006.10204, 2020."  # noqa: E501
_FLOW = "Lucas BD, Kanade T. An iterative image registration technique with an application to stereo vision. Proc IJCAI 1981:674-679."  # noqa: E501
_SWAY = "Prieto TE, Myklebust JB, Hoffmann RG, Lovett EG, Myklebust BM. Measures of postural steadiness. IEEE Trans Biomed Eng 1996;43(9):956-966."  # noqa: E501
_FPPA = "Willson JD, Ireland ML, Davis I. Core strength and lower extremity alignment during single leg squats. Med Sci Sports Exerc 2006;38(5):945-952."  # noqa: E501

METHOD_SOURCES = (_POSE, _FLOW, _SWAY, _FPPA)

# How the data files mark a number that was chosen or measured here.
_OWN = "Own "


def method_paragraphs(assessment: Assessment, protocol: Protocol) -> tuple[str, ...]:
    """Return the method as plain paragraphs: recording, tracking, signal, words."""
    return tuple(
        " ".join(sentences)
        for sentences in (
            _recording(assessment, protocol),
            _tracking(assessment),
            _measuring(assessment),
            _judging(assessment),
        )
        if sentences
    )


def references(assessment: Assessment, protocol: Protocol) -> tuple[str, ...]:
    """Return every source behind what is shown, each once, in order of appearance."""
    found = [_POSE]
    if assessment.options.flow:
        found.append(_FLOW)
    if any(trial.signal for trial in assessment.trials):
        found.append(_SWAY)
    if any(wording.is_set(trial) for trial in assessment.trials):
        found.append(_FPPA)
    found.append(protocol.source)
    found.extend(s for s in protocol.sources.values() if not s.startswith(_OWN))
    for trial in assessment.trials:
        found.extend(trial_sources(trial))
    return tuple(dict.fromkeys(source for source in found if source))


def own_choices(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """Return the settings that no paper names, each with the reason for its choice."""
    return tuple(
        (name, why) for name, why in protocol.sources.items() if why.startswith(_OWN)
    )


def trial_sources(trial: Trial) -> Iterator[str]:
    """Yield the sources of a trial's norm, judgements and lost points."""
    if trial.norm is not None:
        yield trial.norm.source
    judgements = [*trial.judgements]
    judgements.extend(j for rep in trial.repetitions for j in rep.judgements)
    yield from (j.source for j in judgements if j.source)
    if trial.score is not None:
        yield from (reason.source for reason in trial.score.reasons)


def _recording(assessment: Assessment, protocol: Protocol) -> list[str]:
    source, said = assessment.source, assessment.conditions
    number = wording.say_number
    sentences = [
        f"One video was analysed ({source.width_px} × {source.height_px} px, "
        f"{number(source.rate_hz)} frames per second, {number(source.duration_s)} s, "
        f"{source.frames} frames; SHA-256 {source.sha256[:16]}…).",
        f"Protocol: {protocol.title}.",
        f"Eyes: {said.eyes}; footwear: {said.footwear}; surface: {said.surface}.",
    ]
    sentences.extend(filter(None, (protocol.start_rule, protocol.end_rule)))
    sentences.append(
        "Times are those of the video's own time stamps; where it was slow motion "
        "that neither the file nor anybody told of, they are too long. Left and right "
        "are the person's."
    )
    if assessment.options.slow_motion:
        slower = number(assessment.options.slow_motion)
        sentences.append(f"Times were divided by {slower}: slow motion, as told.")
    if assessment.options.mirrored:
        sentences.append("The video was a mirror image and was turned back.")
    return sentences


def _tracking(assessment: Assessment) -> list[str]:
    software = assessment.software
    sentences = [
        f"Body landmarks were found with MediaPipe Pose Landmarker "
        f"{software.mediapipe} (model SHA-256 {software.model_sha256[:16]}…), its "
        f"temporal smoothing off, by balance {software.balance}. Frames where a "
        f"point was not seen stay missing."
    ]
    if assessment.options.flow and not assessment.options.every_frame:
        sentences.append(
            "Where nothing moved, landmarks may be of every few frames only, 0.17 s "
            "apart at most, and interpolated between them; the recording says which "
            "(“inferred”; without it they are of every frame)."
        )
    if assessment.options.flow:
        sentences.append(
            "Pelvis and feet were followed below the size of a pixel by "
            "comparing every frame directly with one reference frame (Lucas–Kanade "
            "alignment of a whole region); the movement of the camera was taken out."
        )
    else:
        sentences.append("Optical flow was switched off: landmarks only.")
    if assessment.scale is None:
        sentences.append(
            "No body height was given, so there are no millimetres, only measures "
            "that need no scale."
        )
    else:
        said = wording.say(assessment.scale.mm_per_px)
        sentences.append(
            f"The scale, {said}, comes from the stated body "
            f"{assessment.scale.from_}, and its uncertainty is part of the intervals."
        )
    return sentences


def _measuring(assessment: Assessment) -> list[str]:
    sentences = []
    filters = {
        (trial.signal.cutoff_hz, trial.signal.rate_hz)
        for trial in assessment.trials
        if trial.signal is not None
    }
    for cutoff_hz, rate_hz in sorted(filters):
        sentences.append(
            f"Side-to-side sway of the pelvis was resampled to {rate_hz:g} Hz and "
            f"low-passed at {cutoff_hz:g} Hz (Butterworth, 4th order, zero phase), "
            f"its mean removed; the first and last moments of each hold, where the "
            f"weight is moved, were left out. The centre of mass is that of the body's "
            f"segments by their masses (de Leva 1996), the pelvis as it was followed, "
            f"the others by their landmarks. A camera in front does not measure sway "
            f"forwards and backwards."
        )
    kinds = {trial.kind for trial in assessment.trials if wording.is_set(trial)}
    if TrialKind.SIT_TO_STAND_SET in kinds:
        sentences.append(
            "Chair stands are told from squats by the course of the body, learned from "
            "recorded motion. A rise runs from the hips leaving the seat to upright; "
            "within 30 seconds counts what was more than half way up at their end."
        )
    if kinds - {TrialKind.SIT_TO_STAND_SET}:
        sentences.append(
            "The knee's position is the frontal plane projection angle of hip, knee "
            "and ankle (FPPA, + = valgus). In squats knees and hips are read from the "
            "outline of the legs where it was seen; the angle as tracked, and the one "
            "with perspective and the camera's turn taken out, are listed beside it. "
            "Repetitions run from the start of the descent to the end of the ascent; "
            "the bottom is the middle of the time within 1° of the greatest knee "
            "flexion."
        )
    return sentences


def _judging(assessment: Assessment) -> list[str]:
    sentences = [
        "Every number is given with its 95 % interval. A hold whose start or end was "
        "not seen, or that was cut off, is a lower bound and is marked ≥.",
        "A question is answered yes when the chance of being beyond its threshold is "
        "at least 0.9, no when it is at most 0.1, and otherwise with cannot tell.",
    ]
    if any(trial.score for trial in assessment.trials):
        sentences.append(
            "Scores run from low to high: what could not be told widens them. Their "
            "weights are this project's own and have not been validated."
        )
    return sentences
