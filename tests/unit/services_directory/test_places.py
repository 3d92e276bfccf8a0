"""Places in what people text. A false place sends somebody the wrong way, so both sides are measured."""

from dataclasses import asdict
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from services_directory import places
from services_directory.geometry import miles_between
from services_directory.places.gazetteer import GazetteerError, gazetteers, read_gazetteer
from services_directory.places.place import Place

TEXTS = yaml.safe_load((Path(__file__).parent / "place_texts.yml").read_text("utf-8"))
FOUND = [(kind, text, label) for kind, rows in TEXTS["found"].items() for text, label in rows]
CHICAGO = Place("Chicago, IL", 41.881, -87.663, None, "America/Chicago", "city")


def label_of(reading):
    return reading.place.label if isinstance(reading, places.Found) else reading and reading.name


@pytest.mark.parametrize(("kind", "text", "label"), FOUND)
def test_a_place_is_found_in_what_people_text(kind, text, label):
    assert label_of(places.look_up(text)) == label


@pytest.mark.parametrize(("text", "label"), TEXTS["asked"])
def test_an_answer_to_where_may_be_a_bare_name(text, label):
    assert label_of(places.look_up(text, place_expected=True)) == label


@pytest.mark.parametrize(("text", "name"), TEXTS["ambiguous"])
def test_one_of_several_places_is_asked_about_with_at_most_three_choices(text, name):
    reading = places.look_up(text, place_expected=True)
    assert isinstance(reading, places.Ambiguous)
    assert reading.name == name
    assert 2 <= len(reading.choices) <= 3
    assert len({choice.label for choice in reading.choices}) == len(reading.choices)
    assert places.resolve(text, place_expected=True) is None


@pytest.mark.parametrize("asked", [False, True])
def test_of_misspelt_names_at_least_95_in_100_are_found(asked):
    wrong = [
        (text, label_of(places.look_up(text, place_expected=asked)))
        for text, label in TEXTS["misspelt"]
        if label_of(places.look_up(text, place_expected=asked)) != label
    ]
    assert len(wrong) <= 0.05 * len(TEXTS["misspelt"]), wrong


@pytest.mark.parametrize(("texts", "asked"), [("nothing", False), ("nothing_when_asked", True)])
def test_of_texts_about_something_else_at_most_one_in_100_gives_a_place(texts, asked):
    assert len(TEXTS["nothing"]) >= 200
    false = [
        (text, label_of(places.look_up(text, place_expected=asked)))
        for text in map(str, TEXTS[texts])
        if places.look_up(text, place_expected=asked)
    ]
    assert len(false) <= 0.01 * len(TEXTS[texts]), false


@pytest.mark.parametrize(
    ("corner", "latitude", "longitude"),
    [
        # Corners the City of Seattle's cameras stand at.
        ("15th ave nw and nw 65th st", 47.6759, -122.3762),
        ("aurora and 130th", 47.7231, -122.3451),
        ("rainier and genesee", 47.5641, -122.2882),
        ("mlk and othello", 47.5371, -122.2809),
        ("23rd and union", 47.6129, -122.3027),
        ("boren and madison", 47.6093, -122.3253),
        ("7th and pike", 47.6116, -122.3335),
        ("2nd and stewart", 47.6109, -122.3403),
        ("4th and battery", 47.6161, -122.3452),
        ("1st and denny", 47.6185, -122.3556),
        ("california and alaska", 47.5610, -122.3869),
        ("35th and morgan", 47.5447, -122.3764),
        ("lake city way and 145th", 47.7335, -122.2918),
        ("roosevelt and 75th", 47.6825, -122.3176),
        ("5th and james", 47.6038, -122.3291),
        ("4th ave s and s holgate", 47.5862, -122.3291),
        ("delridge and thistle", 47.5283, -122.3605),
    ],
)
def test_a_corner_is_reckoned_to_within_a_fifth_of_a_mile(corner, latitude, longitude):
    place = places.resolve(corner)
    assert place.kind == "corner"
    assert miles_between(place.latitude, place.longitude, latitude, longitude) < 0.2


def test_a_house_number_tells_the_cross_street():
    place = places.resolve("im at 14500 aurora ave n")
    assert place.label == "14500 Aurora"
    assert abs(place.latitude - places.resolve("aurora and 145th").latitude) < 0.001


def test_streets_that_do_not_meet_are_no_corner():
    assert places.look_up("pike and roxbury", place_expected=True) is None
    assert places.look_up("85th and 90th", place_expected=True) is None


def test_the_middle_of_a_town_is_among_its_zips():
    place = places.resolve("tacoma wa")
    middle = places.zip_place("98402")
    assert miles_between(place.latitude, place.longitude, middle.latitude, middle.longitude) < 5
    assert place.timezone == "America/Los_Angeles"
    assert places.resolve("chicago il").timezone == "America/Chicago"


@pytest.mark.parametrize("zip_code", ["00000", "98132", "09012", "99999"])
def test_a_zip_that_is_not_in_use_or_lies_nowhere_is_none(zip_code):
    assert places.zip_place(zip_code) is None
    assert places.resolve(zip_code, place_expected=True) is None


@pytest.mark.parametrize(("zip_code", "zone"), [("99634", "America/Anchorage"), ("96505", "America/Adak")])
def test_a_zip_without_a_zone_keeps_its_neighbours_clocks(zip_code, zone):
    assert places.zip_place(zip_code).timezone == zone


def test_a_zip_with_four_more_figures_is_the_same_zip():
    assert places.zip_place("98104-1234") == places.zip_place("98104")


def test_of_two_towns_the_one_near_where_somebody_was_is_meant():
    assert places.resolve("im in aurora il").label == "Aurora, IL"
    assert places.resolve("arlington", place_expected=True).label == "Arlington, WA"
    assert places.resolve("im in arlington heights", near=CHICAGO).label == "Arlington Heights, IL"


def test_downtown_is_the_middle_of_the_town_somebody_is_in():
    assert places.resolve("downtown").label == "Downtown"
    assert places.resolve("downtown", near=CHICAGO).label == "Downtown Chicago, IL"
    assert places.resolve("downtown", near=places.resolve("im in ballard")).label == "Downtown"


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("missouri", "Springfield, MO"),
        ("MO", "Springfield, MO"),
        ("the one in oregon", "Springfield, OR"),
        ("springfield or", "Springfield, OR"),
        ("ohio", "Springfield, OH"),
        ("97477", "97477"),
        ("no im in ballard", "Ballard"),
    ],
)
def test_which_one_is_answered_by_state_zip_or_another_place(answer, label):
    which = places.look_up("im in springfield")
    assert places.choose(answer, which).label == label


@pytest.mark.parametrize("answer", ["yes", "idk", "im hungry", "none of those", ""])
def test_what_does_not_say_which_one_is_no_answer(answer):
    assert places.choose(answer, places.look_up("im in springfield")) is None


def test_which_corner_is_answered_by_its_side_of_town():
    which = places.look_up("15th and 85th")
    assert places.choose("nw", which).label == "15th Ave NW and 85th St"


def test_a_place_kept_as_plain_values_before_it_had_a_kind_is_still_a_place():
    kept = asdict(places.zip_place("98104"))
    del kept["kind"]
    assert Place(**kept).label == "98104"


@given(st.text(max_size=300))
@example("98104" * 60)
@example("3rd and " * 40)
@example("im in " * 50)
@example("& / @ + , . n e y st")
def test_no_text_whatever_raises(text):
    for asked in (False, True):
        places.look_up(text, place_expected=asked)


SMALLVILLE = """
area: Smallville
state: KS
timezone: America/Chicago
center: [39.0, -97.0]
radius_miles: 20
sources: {ours: {what: a walk, licence: ours}}
places:
- {source: ours, kind: park, names: [{label: Elm Park, at: [39.01, -97.0], also: [the elms]}]}
- {source: ours, kind: library, called: ["{} library"], names: [{label: East, at: [39.0, -96.9]}]}
streets:
- {source: ours, lines: [{label: Elm, official: Elm St, at: [[39.0, -97.1], [39.0, -96.9]]}]}
grids:
- source: ours
  official: "{n} Ave"
  numbers: [1, 9]
  longitude: {1: -97.0, 9: -96.92}
  latitudes: [38.9, 39.1]
"""


def page(**changes):
    return yaml.safe_load(SMALLVILLE) | changes


def test_a_gazetteer_for_another_town_needs_nothing_but_a_file():
    area = read_gazetteer(page(), "smallville.yml")
    assert area.names["elm park"].place.kind == "park"
    assert area.names["east library"].place.label == "East Library"
    assert area.streets["elm"][0].official == "Elm St"
    assert area.numbered(5)[0].line[0] == (38.9, pytest.approx(-96.96))
    assert area.numbered(12) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"center": None},
        {"center": [390, 0]},
        {"timezone": "Kansas"},
        {"sources": {}},
        {"places": [{"source": "ours", "kind": "park", "names": [{"label": "Nowhere"}]}]},
        {"places": [{"source": "ours", "names": []}]},
        {"streets": [{"source": "ours", "lines": [{"label": "Elm", "official": "Elm St", "at": [[39.0]]}]}]},
        {"grids": [{"source": "ours", "official": "{n} Ave", "numbers": [1], "longitude": {}}]},
    ],
)
def test_a_gazetteer_with_a_mistake_is_refused_by_its_name(wrong):
    with pytest.raises(GazetteerError, match=r"smallville\.yml"):
        read_gazetteer(page(**wrong), "smallville.yml")


def test_every_name_of_the_gazetteers_lies_in_its_area():
    for area in gazetteers():
        for name, named in area.names.items():
            place, middle = named.place, area.middle
            away = miles_between(place.latitude, place.longitude, middle.latitude, middle.longitude)
            assert away < area.radius_miles, name
