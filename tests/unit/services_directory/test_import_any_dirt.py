"""Whatever a file holds, an import ends with a report or with DirectoryImportError; never otherwise."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_directory.errors import DirectoryImportError
from services_directory.importers.text import tidy
from services_directory.importers.when import read_clock, read_date, read_days
from tests.unit.services_directory.taking_in import PANTRY, Directory, changed, folder, zipped

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
#: What cells hold when nobody looked: anything, and what looks almost right.
CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "s1",
            "o1",
            "l1",
            "a1",
            "active",
            "MO,TU",
            "1MO",
            "09:00",
            "24:00",
            "9am",
            "18+",
            "-1",
            "1e9999",
            "NaN",
            "98104",
            "47.6",
            "-122.33",
            "99999999999999999999",
            "2026-11-25",
            "0001-01-01",
            "9999-12-31",
            "<b>",
            "&#0;",
            "&#xD800;",
            "\ud800",
            "\x00",
            "=1+1",
            "null",
            "true",
            "Mon-Fri 9-5",
            "WEEKLY",
            "x" * 300,
        ]
    ),
)
COLUMNS = {
    "service": [
        "id",
        "organization_id",
        "name",
        "status",
        "minimum_age",
        "fees",
        "description",
        "assured_date",
    ],
    "location": ["id", "location_type", "latitude", "longitude", "organization_id"],
    "service_at_location": ["id", "service_id", "location_id"],
    "schedule": [
        "id",
        "service_id",
        "freq",
        "byday",
        "opens_at",
        "closes_at",
        "valid_from",
        "until",
        "interval",
        "count",
    ],
    "address": ["id", "location_id", "postal_code", "city", "state_province"],
    "attribute": ["id", "link_id", "link_entity", "taxonomy_term_id", "label"],
    "taxonomy_term": ["id", "code", "name", "parent_id"],
    "phone": ["id", "service_id", "number", "extension"],
}
TABLES = st.fixed_dictionaries(
    {
        table: st.lists(st.fixed_dictionaries(dict.fromkeys(columns, CELL)), max_size=4)
        for table, columns in COLUMNS.items()
    }
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELL),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    *PANTRY,
                    *COLUMNS["service"],
                    *COLUMNS["schedule"],
                    "services",
                    "locations",
                    "contents",
                    "phones",
                    "addresses",
                    "rows",
                    "name1",
                    "zip",
                ]
            ),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=30,
)


def ends_well(path):
    """A report with numbers that add up, or a refusal that left nothing behind."""
    directory = Directory()
    try:
        report = directory.take_in(path)
    except DirectoryImportError as error:
        said = str(error)
    else:
        said = None
    if said is not None:
        assert "\n" not in said
        assert all(rows == [] for rows in directory.dump().values())
        return
    again = directory.take_in(path)
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    assert (
        again.listed
        == report.listed
        == len({row["service_at_location_id"] for row in directory.rows("service_search")})
    )


@QUICK
@given(TABLES)
def test_tables_of_anything(tables):
    with tempfile.TemporaryDirectory() as name:
        made = {table: rows for table, rows in tables.items() if rows}
        said = {
            table: [
                {key: str(value).encode("utf-8", "replace").decode() for key, value in row.items()}
                for row in rows
            ]
            for table, rows in made.items()
        }
        ends_well(folder(Path(name) / "x", said))


@QUICK
@given(TABLES)
def test_the_good_rows_go_in_beside_anything(tables):
    with tempfile.TemporaryDirectory() as name:
        mixed = changed(
            **{
                table: [
                    *PANTRY.get(table, []),
                    *(
                        {key: str(value).encode("utf-8", "replace").decode() for key, value in row.items()}
                        for row in rows
                    ),
                ]
                for table, rows in tables.items()
            }
        )
        directory = Directory()
        directory.take_in(folder(Path(name) / "x", mixed))
        assert "Food Pantry" in directory.found() or any(
            row.get("service_id") == "s1" or row.get("id") in {"s1", "l1", "a1"}
            for rows in tables.values()
            for row in rows
        )


@QUICK
@given(VALUES)
def test_json_of_anything(value):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.json"
        path.write_text(json.dumps(value))
        ends_well(path)


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from(["service.csv", "x.json", "x.xlsx", "x.zip", "x.js", "x.tsv", "x"]),
)
def test_bytes_of_anything(said, name):
    with tempfile.TemporaryDirectory() as folder_name:
        path = Path(folder_name) / name
        path.write_bytes(said)
        ends_well(path)


@QUICK
@given(st.binary(min_size=1, max_size=30), st.integers(0, 100))
def test_a_zip_with_any_bytes_in_it_changed(said, where):
    with tempfile.TemporaryDirectory() as name:
        path = zipped(Path(name) / "x.zip", {f"{table}.csv": "id,name\n1,x\n" for table in PANTRY})
        whole = bytearray(path.read_bytes())
        start = where * (len(whole) - len(said)) // 100
        whole[start : start + len(said)] = said
        path.write_bytes(bytes(whole))
        ends_well(path)


@given(st.text())
def test_tidying_what_is_tidy_changes_nothing(text):
    once = tidy(text)
    assert once is None or tidy(once) == once


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_read(text):
    for read in (read_clock, read_date, read_days):
        read(text)
