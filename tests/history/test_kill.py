"""Writers killed at random moments: no committed trial is lost, none is half there.

Every child writes results and says the key of each over a pipe once it is committed;
it is killed with SIGKILL while it does so. What it said must be in the store, whole.
"""

import os
import random
import select
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from stored_results import assessment_of, recording_of, squats, stance

from balance.history import Store, open_store
from balance.history.people import PersonRecord, add_person
from balance.history.recordings import load_landmarks, load_recordings, save_recording

KILLS = 200
# Short, so that most moments fall into writing and not into packing.
RECORDING = recording_of(30)


@pytest.mark.slow
def test_two_hundred_kills_lose_no_committed_trial(place: str) -> None:
    said = {warmed_up(place)}
    rng = random.Random(20261120)
    for number in range(KILLS):
        said |= killed_writer(place, number, rng.uniform(0.0, 1.0))
    with open_store(place) as store:
        check_whole(store, said, KILLS)
    # A test that killed only sleeping writers would prove nothing.
    assert len(said) > KILLS / 10


def warmed_up(place: str) -> str:
    """Save once before forking, so that the children write instead of importing."""
    with open_store(place) as store:
        add_person(store, PersonRecord("K1", consent_at="2026-01-01"))
        told = assessment_of(stance(), squats(), name="warm-up")
        return save_recording(store, "K1", told, RECORDING)


def killed_writer(place: str, number: int, after_s: float) -> set[str]:
    """Start a writer, kill it so long after its first sign of life."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write_until_killed(place, number, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert select.select([pipe], [], [], 300)[0], "the writer never began"
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # A line cut short was not said.
        lines = pipe.read().split(b"\n")[:-1]
    return {line.decode() for line in lines} - {"begun"}


def write_until_killed(place: str, number: int, pipe: int) -> None:
    try:
        with open_store(place) as store:
            os.write(pipe, b"begun\n")
            for count in range(10_000):
                told = assessment_of(stance(), squats(), name=f"{number}-{count}")
                key = save_recording(store, "K1", told, RECORDING)
                os.write(pipe, f"{key}\n".encode())
    finally:
        os._exit(1)


def check_whole(store: Store, said: set[str], kills: int) -> None:
    with store.read() as connection:
        if store.is_sqlite:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        counts = connection.execute(
            text(
                "SELECT r.id,"
                " (SELECT count(*) FROM trial t WHERE t.recording_id = r.id),"
                " (SELECT count(*) FROM measure m JOIN trial t ON t.id = m.trial_id"
                " WHERE t.recording_id = r.id),"
                " (SELECT count(*) FROM landmarks l WHERE l.recording_id = r.id)"
                " FROM recording r"
            )
        ).all()
    # Two trials, five measures, one npz each: all of it or nothing.
    assert {tuple(row[1:]) for row in counts} == {(2, 5, 1)}
    kept = load_recordings(store, "K1")
    assert said <= {one.key for one in kept}
    for one in random.Random(1).sample(kept, min(20, len(kept))):
        landmarks = load_landmarks(store, one.key)
        assert landmarks is not None
        np.testing.assert_array_equal(landmarks.pose.xy_px, RECORDING.pose.xy_px)
        assert [trial.kind for trial in one.assessment.trials] == [
            "single_leg_stance",
            "squat_set",
        ]
    print(f"{kills} kills, {len(said)} results said to be kept, {len(kept)} found")


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_that_loses_power_keeps_what_it_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server itself dies, ten times, while a writer writes."""
    from postgres_server import PostgresServer

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    rng = random.Random(5)
    with PostgresServer.start() as server, server.database() as url:
        said = {warmed_up(url)}
        for number in range(10):
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reading)
                write_until_killed(url, number, writing)
            os.close(writing)
            with os.fdopen(reading, "rb") as pipe:
                assert select.select([pipe], [], [], 300)[0]
                time.sleep(rng.uniform(0.2, 1.5))
                server.down("immediate")
                os.waitpid(child, 0)
                said |= {line.decode() for line in pipe.read().split(b"\n")[:-1]}
            server.up()
        with open_store(url) as store:
            check_whole(store, said - {"begun"}, 10)
