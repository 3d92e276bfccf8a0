"""A bad file changes nothing: one sentence, and the directory as it was."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from services_directory.errors import DirectoryImportError
from tests.unit.services_directory.taking_in import PANTRY, Directory, folder, sheet, written, zipped

FILES = {f"{name}.csv": sheet(rows) for name, rows in PANTRY.items()}


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def broken_zip(tmp_path):
    return cut(zipped(tmp_path / "x.zip", FILES))


def zip_with_a_damaged_file(tmp_path):
    path = zipped(tmp_path / "x.zip", {**FILES, "phones.csv": "id,number\n" + "1,2\n" * 5000})
    said = bytearray(path.read_bytes())
    place = said.index(b"phones.csv") + 40
    said[place : place + 20] = b"\xff" * 20
    path.write_bytes(bytes(said))
    return path


def locked_zip(tmp_path):
    path = zipped(tmp_path / "x.zip", FILES)
    said = bytearray(path.read_bytes())
    # The flag for "encrypted", in every entry of the central directory and before it.
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = said.find(mark)
        while place >= 0:
            said[place + offset] |= 1
            place = said.find(mark, place + 4)
    path.write_bytes(bytes(said))
    return path


def zip_bomb(tmp_path):
    path = tmp_path / "x.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("service.csv", "w") as file,
    ):
        for _block in range(120):
            file.write(b"\0" * 1_000_000)
    return path


def truncated_json(tmp_path):
    services = [{"id": n, "name": f"Food Pantry {n}", "status": "active"} for n in range(500)]
    return cut(written(tmp_path / "services.json", services))


def truncated_csv(tmp_path):
    folder(tmp_path / "x", PANTRY)
    rows = [{**PANTRY["service"][0], "id": n, "description": 'a "long", story'} for n in range(100)]
    said = sheet(rows)
    (tmp_path / "x" / "service.csv").write_text(said[: said.rindex('""') - 2])
    return tmp_path / "x"


def no_workbook(tmp_path):
    return written(tmp_path / "x.xlsx", "organization,service\n")


def broken_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["service", "zip"])
    for number in range(2000):
        book.active.append([f"Food Pantry {number}", "98104"])
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as bad:
        for info in good.infolist():
            said = good.read(info)
            bad.writestr(info.filename, said[:-500] if info.filename.endswith("sheet1.xml") else said)
    (tmp_path / "good.xlsx").unlink()
    return tmp_path / "x.xlsx"


def a_line_without_end(tmp_path):
    folder(tmp_path / "x", PANTRY)
    (tmp_path / "x" / "phone.csv").write_bytes(b"id,number\n" + b"x" * 20_000_000)
    return tmp_path / "x"


def nothing_there(tmp_path):
    return tmp_path / "nothing"


def an_empty_file(tmp_path):
    return written(tmp_path / "x.csv", "")


def an_empty_folder(tmp_path):
    (tmp_path / "x").mkdir()
    return tmp_path / "x"


def a_folder_of_other_things(tmp_path):
    written(tmp_path / "notes.csv", "a,b\n1,2\n")
    written(tmp_path / "photo.png", b"\x89PNG")
    return tmp_path


def a_picture(tmp_path):
    return written(tmp_path / "x.csv", bytes(range(256)) * 50)


def another_folder_of_json(tmp_path):
    return written(tmp_path / "x.json", {"type": "FeatureCollection", "features": []})


def a_web_page(tmp_path):
    return written(tmp_path / "x.json", "<!doctype html><html><body>404</body></html>")


def nothing_but_refused_rows(tmp_path):
    return folder(tmp_path / "x", {**PANTRY, "service": [{"id": "s1", "organization_id": "o1", "name": ""}]})


BAD = [
    broken_zip,
    zip_with_a_damaged_file,
    locked_zip,
    zip_bomb,
    truncated_json,
    truncated_csv,
    no_workbook,
    broken_workbook,
    a_line_without_end,
    nothing_there,
    an_empty_file,
    an_empty_folder,
    a_folder_of_other_things,
    a_picture,
    another_folder_of_json,
    a_web_page,
    nothing_but_refused_rows,
]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_file_changes_nothing_and_says_why_in_a_sentence(tmp_path, make):
    directory = Directory()
    directory.take_in(folder(tmp_path / "good", PANTRY))
    before = directory.dump()
    (tmp_path / "bad").mkdir()
    path = make(tmp_path / "bad")
    with pytest.raises(DirectoryImportError) as caught:
        directory.take_in(path)
    assert directory.dump() == before
    assert len(directory.rows("directory_import")) == 1
    said = str(caught.value)
    assert said
    assert "\n" not in said
    assert "Traceback" not in said


def test_a_device_is_no_directory():
    with pytest.raises(DirectoryImportError, match="neither a file nor a folder"):
        Directory().take_in(Path("/dev/zero"))


def test_a_quote_that_never_closes_is_named_by_its_row(tmp_path):
    folder(tmp_path, PANTRY)
    (tmp_path / "service.csv").write_text(
        'id,organization_id,name,status\ns1,o1,Food Pantry,active\ns2,o1,"Night\n'
    )
    with pytest.raises(DirectoryImportError, match=r"service\.csv is cut off.*row 3"):
        Directory().take_in(tmp_path)


def test_what_breaks_half_way_was_not_written(tmp_path):
    good = [json.dumps({"id": n, "name": "Food Pantry", "status": "active"}) for n in range(3000)]
    path = written(tmp_path / "services.ndjson", "\n".join([*good, '{"id": 3001, "na']))
    directory = Directory()
    before = directory.dump()
    with pytest.raises(DirectoryImportError, match="not JSON"):
        directory.take_in(path)
    assert directory.dump() == before
