"""When a person asked for a language: a wish wins over what they write in"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: nobody has asked yet."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("language_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget the wishes."""
    with op.batch_alter_table("person") as person:
        person.drop_column("language_asked_at")
