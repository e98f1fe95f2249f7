"""Make the shipped pose models again, byte for byte, from the wheel that holds them.

    pip download --no-deps --only-binary=:all: --python-version 3.11 mediapipe==0.10.21
    python scripts/make_pose_model.py mediapipe-0.10.21-*.whl FOLDER

Runs with the mediapipe that balance itself uses; the old wheel is only unpacked.
The bytes also depend on how flatbuffers lays out a file: 25.12.19 gives these.

The landmark network draws a mask of the body, too, which takes two fifths of its time
and which no landmark comes from. In the second bundle that part is left out; in the
third the mask is drawn only where legs are.
"""

import hashlib
import struct
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as notes
from mediapipe.tasks.metadata import schema_py_generated as tflite

# Name of each bundle, and its SHA-256.
WITH_MASK = "pose_landmarker_full.task"
WITHOUT_MASK = "pose_landmarker_full_no_mask.task"
MASK_OF_LEGS = "pose_landmarker_full_leg_mask.task"
SHA256 = {
    WITH_MASK: "4ea45b905cb1b3a53ca3c48de7853758527e5f53e6bbc023f29738e7d042f3d4",
    WITHOUT_MASK: "9d56301e490fbc928d27aeba096a1e41022a12069b05de158200681167a02423",
    MASK_OF_LEGS: "7f87392dc53f8f870c9a42a48100355f199e3fcce11262b59147014a436301d1",
}

# Name in the bundle, place in the wheel, and how the network wants its frame:
# (grey value − mean) / spread.
LANDMARKS = "pose_landmarks_detector.tflite"
NETWORKS = (
    (
        "pose_detector.tflite",
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        (127.5, 127.5),
    ),
    (
        LANDMARKS,
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        (0.0, 255.0),
    ),
)

# Places among the outputs of the landmark network.
SCORE, MASK = 1, 2

# The network looks at a square with the hips in the middle and the body upright. These
# are the rows and columns of its mask (256 px high and wide) in which legs are: of
# eight clips of people squatting, also from the side, no edge of a leg lay outside.
LEG_ROWS, LEG_COLUMNS = (64, 256), (32, 224)
MASK_PX = 256
# What the mask is elsewhere, before MediaPipe makes a chance of it: nobody.
NOBODY = -20.0


def input_note(mean: float, spread: float) -> notes.TensorMetadataT:
    """Describe the frame that goes in: RGB, scaled by ``mean`` and ``spread``."""
    scaling = notes.NormalizationOptionsT()
    scaling.mean, scaling.std = [mean], [spread]
    step = notes.ProcessUnitT()
    step.optionsType = notes.ProcessUnitOptions.NormalizationOptions
    step.options = scaling

    colour = notes.ImagePropertiesT()
    colour.colorSpace = notes.ColorSpaceType.RGB
    content = notes.ContentT()
    content.contentPropertiesType = notes.ContentProperties.ImageProperties
    content.contentProperties = colour

    note = notes.TensorMetadataT()
    note.name, note.content, note.processUnits = "image", content, [step]
    return note


def output_note(number: int) -> notes.TensorMetadataT:
    """Name an output; the Tasks interface only counts them."""
    note = notes.TensorMetadataT()
    note.name = f"out{number}"
    return note


def with_notes(network: bytes, mean: float, spread: float) -> bytes:
    """Add what the Tasks interface asks for; the weights stay as they are."""
    outputs = tflite.Model.GetRootAsModel(network, 0).Subgraphs(0).OutputsLength()
    graph = notes.SubGraphMetadataT()
    graph.inputTensorMetadata = [input_note(mean, spread)]
    graph.outputTensorMetadata = [output_note(number) for number in range(outputs)]
    root = notes.ModelMetadataT()
    root.name, root.subgraphMetadata = "pose", [graph]

    root.minParserVersion = "1.0.0"  # scaling notes need no newer reader

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(network, 0))
    note = tflite.BufferT()
    note.data = packed(root, b"M001")
    for entry in model.metadata or []:
        if entry.name == b"TFLITE_METADATA":
            model.buffers[entry.buffer] = note
            break
    else:
        model.buffers.append(note)
        entry = tflite.MetadataT()
        entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
        model.metadata = [*(model.metadata or []), entry]
    noted = packed(model, b"TFL3")
    # An empty zip at a network's end: it brings no further files with it.
    return noted + struct.pack("<4s12xI2x", b"PK\x05\x06", len(noted))


def without_mask(network: bytes) -> bytes:
    """Leave out every step of the landmark network that only the mask comes from.

    The Tasks interface counts the outputs, so one that is made anyway stands in: the
    score before it is given another shape.
    """
    model, graph = _opened(network)
    graph.outputs[MASK] = _maker(graph, graph.outputs[SCORE]).inputs[0]
    graph.operators, _ = _needed(graph, graph.outputs)
    return packed(model, b"TFL3")


def _opened(network: bytes) -> tuple[Any, Any]:
    """Return a network to be changed, and its one graph."""
    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(network, 0))
    graph = model.subgraphs[0]
    graph.outputs = graph.outputs.tolist()
    for step in graph.operators:
        step.inputs = step.inputs.tolist()
    return model, graph


def _maker(graph: Any, tensor: int) -> Any:
    return next(step for step in graph.operators if tensor in step.outputs)


def _needed(graph: Any, outputs: Iterable[int]) -> tuple[list[Any], set[int]]:
    """Return the steps that outputs come from, in order, and all that they handle."""
    tensors, steps = set(outputs), []
    for step in reversed(graph.operators):
        if tensors.intersection(step.outputs):
            tensors.update(step.inputs)
            steps.append(step)
    return steps[::-1], tensors


def mask_of_legs(network: bytes) -> bytes:
    """Let the landmark network draw its mask only in ``LEG_ROWS``, ``LEG_COLUMNS``.

    What the mask's steps take from the others is cut there; what comes out is laid
    into a mask of the usual size. Each step only looks at neighbours, so the mask in
    there is the same, but for a few px along the cut.
    """
    model, graph = _opened(network)
    others = [output for place, output in enumerate(graph.outputs) if place != MASK]
    _, shared = _needed(graph, others)
    steps, cut = [], {}
    for step in graph.operators:
        if shared.isdisjoint(step.outputs) and len(step.inputs) > 1:
            source, made = step.inputs[0], graph.tensors[step.outputs[0]]
            if source in shared and source not in cut:
                shape = _shape_of_legs(graph.tensors[source])
                steps.append(_slice(model, source, shape))
                cut[source] = steps[-1].outputs[0]
            made.shape = _shape_of_legs(made)
            step.inputs = [cut.get(source, source), *step.inputs[1:]]
            if isinstance(step.builtinOptions, tflite.ResizeBilinearOptionsT):
                step.inputs[1] = _constant(model, np.int32(made.shape[1:3]))
        steps.append(step)
    graph.operators = steps
    spread = _four_at_a_time(model, _maker(graph, graph.outputs[MASK]))
    whole = _laid_into_whole(model, spread.outputs[0])
    graph.operators += [spread, whole]
    graph.outputs[MASK] = whole.outputs[0]
    graph.operators, _ = _needed(graph, graph.outputs)
    return packed(model, b"TFL3")


def _four_at_a_time(model: Any, last: Any) -> Any:
    """Let the mask's last convolution make four px of its one channel at a time.

    Processors multiply by many channels at once, and one alone leaves them idle. Four
    kernels of 4 x 4 px, each with the 3 x 3 of the old one in another corner, make a
    square of 2 x 2 px as four channels; the step returned spreads them out.
    """
    graph = model.subgraphs[0]
    kernel, bias = (_weights(model, tensor) for tensor in last.inputs[1:])
    corners = np.zeros((4, 4, 4, kernel.shape[-1]), np.float32)
    for place, corner in enumerate(corners):
        down, right = divmod(place, 2)
        corner[down : down + 3, right : right + 3] = kernel[0]
    biases = np.repeat(bias, 4).astype(np.float32)
    last.inputs[1:] = [_constant(model, corners), _constant(model, biases)]
    last.builtinOptions.strideH = last.builtinOptions.strideW = 2
    made = graph.tensors[last.outputs[0]]
    shape = made.shape
    made.shape = [1, shape[1] // 2, shape[2] // 2, 4]
    options = tflite.DepthToSpaceOptionsT()
    options.blockSize = 2
    return _step(model, "DEPTH_TO_SPACE", options, [last.outputs[0]], shape)


def _weights(model: Any, tensor: int) -> Any:
    """Return weights that the network keeps in half the bits."""
    graph = model.subgraphs[0]
    kept = graph.tensors[_maker(graph, tensor).inputs[0]]
    values = np.frombuffer(bytes(model.buffers[kept.buffer].data), np.float16)
    return values.reshape(kept.shape)


def _shape_of_legs(tensor: Any) -> list[int]:
    """Shape of the part of a layer (1, H, W, channels) in which legs are."""
    _, height, _, channels = (int(length) for length in tensor.shape)
    each = MASK_PX // height
    rows, columns = ((end - start) // each for start, end in (LEG_ROWS, LEG_COLUMNS))
    return [1, rows, columns, channels]


def _slice(model: Any, source: int, shape: list[int]) -> Any:
    each = MASK_PX // int(model.subgraphs[0].tensors[source].shape[1])
    first = np.int32([0, LEG_ROWS[0] // each, LEG_COLUMNS[0] // each, 0])
    inputs = [source, _constant(model, first), _constant(model, np.int32(shape))]
    return _step(model, "SLICE", tflite.SliceOptionsT(), inputs, shape)


def _laid_into_whole(model: Any, mask: int) -> Any:
    ends = [(start, MASK_PX - end) for start, end in (LEG_ROWS, LEG_COLUMNS)]
    around = _constant(model, np.int32([(0, 0), *ends, (0, 0)]))
    inputs = [mask, around, _constant(model, np.float32([NOBODY]))]
    shape = [1, MASK_PX, MASK_PX, 1]
    return _step(model, "PADV2", tflite.PadV2OptionsT(), inputs, shape)


def _step(
    model: Any, name: str, options: Any, inputs: list[int], shape: list[int]
) -> Any:
    """Make a step of the network, its result and, where it is new, its kind."""
    kind = tflite.OperatorCodeT()
    kind.builtinCode = kind.deprecatedBuiltinCode = getattr(
        tflite.BuiltinOperator, name
    )
    kind.version = 1
    model.operatorCodes.append(kind)
    step = tflite.OperatorT()
    step.opcodeIndex = len(model.operatorCodes) - 1
    step.builtinOptionsType = getattr(
        tflite.BuiltinOptions, type(options).__name__.removesuffix("T")
    )
    step.builtinOptions = options
    step.inputs = inputs
    step.outputs = [_tensor(model, shape, tflite.TensorType.FLOAT32, buffer=0)]
    return step


def _constant(model: Any, values: Any) -> int:
    buffer = tflite.BufferT()
    buffer.data = np.frombuffer(values.tobytes(), np.uint8)
    model.buffers.append(buffer)
    kind = getattr(tflite.TensorType, str(values.dtype).upper())
    return _tensor(model, list(values.shape), kind, len(model.buffers) - 1)


def _tensor(model: Any, shape: list[int], kind: int, buffer: int) -> int:
    tensors = model.subgraphs[0].tensors
    tensor = tflite.TensorT()
    tensor.shape, tensor.type, tensor.buffer = shape, kind, buffer
    tensor.name = f"legs_{len(tensors)}".encode()
    tensors.append(tensor)
    return len(tensors) - 1


def packed(table: Any, identifier: bytes) -> bytes:
    """Write a table as a FlatBuffers file."""
    builder = flatbuffers.Builder(0)
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())


CHANGED = {
    WITH_MASK: bytes,
    WITHOUT_MASK: without_mask,
    MASK_OF_LEGS: mask_of_legs,
}


def make_bundle(wheel: Path, bundle: Path) -> str:
    """Write the bundle of this name and return its SHA-256."""
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(bundle, "w") as target:
        for name, place, scaling in NETWORKS:
            network = source.read(place)
            if name == LANDMARKS:
                network = CHANGED[bundle.name](network)
            # Stored, not compressed, because MediaPipe maps the file into memory; a
            # bare ZipInfo has a fixed date, so the bytes are the same every time.
            target.writestr(zipfile.ZipInfo(name), with_notes(network, *scaling))
    return hashlib.sha256(bundle.read_bytes()).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for name, shipped in SHA256.items():
        made = make_bundle(Path(sys.argv[1]), Path(sys.argv[2]) / name)
        if made != shipped:
            sys.exit(f"{name} is not the one that ships: its SHA-256 is {made}.")
        print(f"{name}: {made}")
