"""The export of both databases is the same, and each imports it back."""

from argparse import Namespace

from sqlalchemy import select

from bot.db import make_engine, reading, writing
from bot.directory_commands import export_to
from services_directory.export import export_directory
from services_directory.importing import import_directory
from services_directory.models import TABLES
from tests.integration.conftest import migrate
from tests.integration.hsds_api.conftest import SAMPLE, TODAY

OURS = {"directory_source", "import_id", "digest"}


def rows_of(engine):
    found = {}
    with reading(engine) as session:
        for name, model in TABLES.items():
            columns = [column for column in model.__table__.columns if column.name not in OURS]
            live = select(*columns).where(model.retired_on.is_(None)).order_by(model.id)
            found[name] = [tuple(row) for row in session.execute(live)]
    return found


def test_the_whole_directory_goes_out_and_comes_back_under_one_name(directory, tmp_path):
    with reading(directory) as session:
        export_directory(session, tmp_path / "out.zip")
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    with writing(other) as session:
        report = import_directory(session, tmp_path / "out.zip", "all of them", TODAY)
    assert report.refused == []
    assert rows_of(other) == rows_of(directory)
    with reading(other) as session:
        export_directory(session, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "out.zip").read_bytes()
    other.dispose()


def test_an_export_is_of_one_instant_though_an_import_comes_between(directory, tmp_path):
    one_instant = {"sqlite": "SERIALIZABLE", "postgresql": "REPEATABLE READ"}
    usual = {"sqlite": "SERIALIZABLE", "postgresql": "READ COMMITTED"}
    with reading(directory) as session:
        export_directory(session, tmp_path / "out.zip")
        assert session.connection().get_isolation_level() == one_instant[directory.dialect.name]
    with reading(directory) as session:
        assert session.connection().get_isolation_level() == usual[directory.dialect.name]


def test_an_operator_exports_by_command_and_hears_what_went_out_or_why_not(line, tmp_path, capsys):
    with writing(line.engine) as session:
        import_directory(session, SAMPLE, "sample", TODAY)
    assert export_to(line, Namespace(path=tmp_path / "out.zip", source=None)) == 0
    assert "61 service, " in capsys.readouterr().out
    assert export_to(line, Namespace(path=tmp_path / "county.zip", source="county")) == 1
    assert capsys.readouterr().err == "no source is called county: there are sample\nNothing was written.\n"
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".zip"] == ["out.zip"]
