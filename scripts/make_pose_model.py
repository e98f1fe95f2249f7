"""Make the shipped pose models again, byte for byte, from the wheel that holds them.

    pip download --no-deps --only-binary=:all: --python-version 3.11 mediapipe==0.10.21
    python scripts/make_pose_model.py mediapipe-0.10.21-*.whl FOLDER

Runs with the mediapipe that balance itself uses; the old wheel is only unpacked.
The bytes also depend on how flatbuffers lays out a file: 25.12.19 gives these.

The landmark network draws the outline of the body, too, which takes two fifths of its
time and which no landmark comes from. In the second bundle that part is left out.
"""

import hashlib
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as notes
from mediapipe.tasks.metadata import schema_py_generated as tflite

# Name of each bundle, and its SHA-256.
WITH_MASK = "pose_landmarker_full.task"
WITHOUT_MASK = "pose_landmarker_full_no_mask.task"
SHA256 = {
    WITH_MASK: "4ea45b905cb1b3a53ca3c48de7853758527e5f53e6bbc023f29738e7d042f3d4",
    WITHOUT_MASK: "9d56301e490fbc928d27aeba096a1e41022a12069b05de158200681167a02423",
}

# Name in the bundle, place in the wheel, and how the network wants its picture:
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


def input_note(mean: float, spread: float) -> notes.TensorMetadataT:
    """Describe the picture that goes in: RGB, scaled by ``mean`` and ``spread``."""
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
    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(network, 0))
    graph = model.subgraphs[0]
    maker = {made: step for step in graph.operators for made in step.outputs}
    outputs = [int(output) for output in graph.outputs]
    outputs[MASK] = int(maker[outputs[SCORE]].inputs[0])

    needed, steps = set(outputs), []
    for step in reversed(graph.operators):
        if needed.intersection(step.outputs):
            needed.update(step.inputs)
            steps.append(step)
    graph.outputs, graph.operators = outputs, steps[::-1]
    return packed(model, b"TFL3")


def packed(table: Any, identifier: bytes) -> bytes:
    """Write a table as a FlatBuffers file."""
    builder = flatbuffers.Builder(0)
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())


def make_bundle(wheel: Path, bundle: Path) -> str:
    """Write the bundle of this name and return its SHA-256."""
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(bundle, "w") as target:
        for name, place, scaling in NETWORKS:
            network = source.read(place)
            if name == LANDMARKS and bundle.name == WITHOUT_MASK:
                network = without_mask(network)
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
