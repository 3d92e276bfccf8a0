"""A message on home's voicemail, and who its answers are for"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FOREIGN, ONCE = "fk_home_message_call_id_call", "uq_home_message_call_id"


def upgrade() -> None:
    """Tie what home answers to the call that left it."""
    with op.batch_alter_table("home_message") as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(FOREIGN, "call", ["call_id"], ["id"])
        batch_op.create_unique_constraint(ONCE, ["call_id"])


def downgrade() -> None:
    """Forget the tie."""
    with op.batch_alter_table("home_message") as batch_op:
        batch_op.drop_constraint(ONCE, type_="unique")
        batch_op.drop_constraint(FOREIGN, type_="foreignkey")
        batch_op.drop_column("call_id")
