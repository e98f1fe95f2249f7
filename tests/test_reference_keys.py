"""A misspelt key in a data file is refused, never dropped."""

import tomllib
from importlib.resources import files

import pytest

from balance.model.errors import InputError
from balance.reference import loader, standards

LOADERS = {
    "norms.toml": loader.load_hold_bands,
    "protocols.toml": loader._protocols,
    "safety.toml": loader.load_safety,
    "exercises.toml": loader.load_exercises,
    "squat_thresholds.toml": loader.load_squat_thresholds,
    "squat_ratings.toml": loader.load_squat_ratings,
    "score_weights.toml": standards.load_standards,
    "error_model.toml": standards.load_sway_errors,
}


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch):
    """Let the files hold other text; what was loaded before is forgotten."""

    def replace(name: str, old: str, new: str) -> None:
        text = files("balance").joinpath("data", name).read_text(encoding="utf-8")
        assert old in text
        changed = tomllib.loads(text.replace(old, new, 1))
        for module in (loader, standards):
            monkeypatch.setattr(
                module,
                "read_data",
                lambda asked: changed if asked == name else REAL(asked),
            )

    yield replace
    for load in LOADERS.values():
        load.cache_clear()


REAL = loader.read_data


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("norms.toml", "[[hold_bands]]", "[[hold_band]]", "hold_band"),
        ("norms.toml", "below_s =", "bellow_s =", "bellow_s"),
        ("protocols.toml", "end_rule =", "end_rules =", "end_rules"),
        ("protocols.toml", "rest_s =", "rests =", "rests"),
        ("safety.toml", "if_yes =", "when_yes =", "when_yes"),
        ("exercises.toml", "harder =", "hardest =", "hardest"),
        ("squat_thresholds.toml", "marked_deg =", "maked_deg =", "did you mean"),
        ("squat_thresholds.toml", "[heel_lift]", "[heel_lifts]", "heel_lifts"),
        ("squat_ratings.toml", "beyond_pct_trunk", "beyond_trunk", "beyond_trunk"),
        ("score_weights.toml", "free_deg", "fre_deg", "did you mean 'free_deg'"),
        ("error_model.toml", "[sway.landmarks]", "[sway.landmark]", "landmark"),
    ],
)
def test_a_misspelt_key_is_refused(change, name, old, new, says) -> None:
    LOADERS[name].cache_clear()
    change(name, old, new)
    with pytest.raises(InputError, match=says):
        LOADERS[name]()


def test_a_number_of_another_type_is_refused(change) -> None:
    LOADERS["norms.toml"].cache_clear()
    change("norms.toml", "below_s = ", "below_s = 'soon' # ")
    with pytest.raises(InputError, match="below_s: Input should be a valid number"):
        loader.load_hold_bands()


def test_a_threshold_takes_its_numbers_by_name_not_by_place(change) -> None:
    LOADERS["squat_thresholds.toml"].cache_clear()
    change(
        "squat_thresholds.toml",
        "beyond_deg = 11.0\nmarked_deg = 17.0",
        "marked_deg = 17.0\nbeyond_deg = 11.0",
    )
    found = loader.load_squat_thresholds().knee_valgus
    assert (found.beyond, found.marked) == (11.0, 17.0)
