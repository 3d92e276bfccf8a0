"""The folded words that full-text search looks in, for every row imported so far too"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: What is searched in each table, beside the id and the source.
TEXTS = {
    "service": "t.name, t.alternate_name, o.name, t.description",
    "organization": "t.name, t.alternate_name, t.description",
    "taxonomy_term": "t.name, t.code, t.description",
    "taxonomy": "t.name, t.description",
}
BATCH = 1000


def upgrade() -> None:
    """Make the table and fill it."""
    words = op.create_table(
        "full_text",
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("directory_source", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "id", name="pk_full_text"),
    )
    op.create_index("ix_full_text_directory_source", "full_text", ["directory_source"])
    for table, texts in TEXTS.items():
        joined = "LEFT JOIN organization o ON o.id = t.organization_id" if table == "service" else ""
        rows = op.get_bind().execute(
            sa.text(
                f"SELECT t.id, t.directory_source, {texts} FROM {table} t {joined} WHERE t.retired_on IS NULL"
            )
        )
        while batch := rows.fetchmany(BATCH):
            op.bulk_insert(
                words,
                [
                    {"entity": table, "id": row[0], "directory_source": row[1], "words": _folded(row[2:])}
                    for row in batch
                ],
            )


def downgrade() -> None:
    """Forget the words: an import writes them again."""
    op.drop_table("full_text")


def _folded(texts: sa.Row) -> str:
    plain = unicodedata.normalize("NFKD", "\n".join(text for text in texts if text).casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(["", *dict.fromkeys(re.findall(r"[^\W_]+", letters))])
