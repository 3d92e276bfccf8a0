"""The sample directory that comes with the line, and its crisis lines."""

from pathlib import Path

import pytest

from services_directory.crisis_lines import load_crisis_lines
from services_directory.models import TABLES
from services_directory.taxonomy import categories_for
from tests.unit.services_directory.taking_in import NOON, Directory, zipped

SAMPLE = Path("services_directory/data/sample")


@pytest.fixture(scope="module")
def sample():
    directory = Directory()
    directory.take_in(SAMPLE)
    return directory


def test_every_sample_says_that_it_is_one(sample):
    assert all("Sample" in str(row["name"]) for row in sample.rows("service"))
    assert all("206 555 01" in str(row["number"]) for row in sample.rows("phone"))


def test_a_zip_of_the_sample_imports_alike(sample, tmp_path):
    directory = Directory()
    directory.take_in(zipped(tmp_path / "x.zip", {file.name: file.read_bytes() for file in SAMPLE.iterdir()}))
    assert {table: len(directory.rows(table)) for table in TABLES} == {
        table: len(sample.rows(table)) for table in TABLES
    }


def test_every_sample_can_be_found_by_its_need(sample):
    found = sample.found()
    assert len(found) == 61
    for need in ("food", "treatment", "shelter", "harm_reduction", "health_care", "hygiene"):
        assert any(kinds & set(categories_for(need)) for kinds in found.values())


def test_what_can_be_used_today_comes_first_and_nearest_of_that(sample):
    matches = sample.near("food", "98104", NOON)
    assert len(matches) == 3
    assert [match.miles for match in matches] == sorted(match.miles for match in matches)
    assert all(match.hours.usable_today for match in matches)


def test_every_crisis_line_says_where_it_was_read_and_when():
    assert {"emergency", "suicide_crisis", "help_near_you"} <= set(load_crisis_lines())
    assert all(line.source and line.verified_on for line in load_crisis_lines().values())
