"""A rule too big for a CHECK: at any moment a branch has at most one primary technician (docs/decisions/0015).

Made sure of with the tables and after every upgrade: on SQLite building a table anew drops its triggers.
"""

from typing import Any

from sqlalchemy import Connection, event

from core.people.tables import positions

ONE_PRIMARY = "one_primary_technician"
"""What the database's error names."""

_IS_PRIMARY = "{}role = 'technician' AND {}rank = 'primary'"
_TRIGGER = f"""
CREATE TRIGGER IF NOT EXISTS {ONE_PRIMARY}_{{moment}} BEFORE {{when}} ON positions
WHEN {_IS_PRIMARY.format("NEW.", "NEW.")} AND EXISTS (
    SELECT 1 FROM positions
    WHERE unit_id = NEW.unit_id AND {_IS_PRIMARY.format("", "")} AND id IS NOT NEW.id
        AND coalesce(starts_on, '') <= coalesce(NEW.ends_on, '9999-12-31')
        AND coalesce(NEW.starts_on, '') <= coalesce(ends_on, '9999-12-31'))
BEGIN SELECT RAISE(ABORT, '{ONE_PRIMARY}'); END
"""  # noqa: S608 - made of nothing but our own constants
# Ranges of one number compare as equal by overlapping, which spares the extension btree_gist.
_EXCLUSION = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{ONE_PRIMARY}') THEN
        ALTER TABLE positions ADD CONSTRAINT {ONE_PRIMARY} EXCLUDE USING gist (
            int8range(unit_id, unit_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
        ) WHERE ({_IS_PRIMARY.format("", "")});
    END IF;
END $$
"""
GUARDS = {
    "sqlite": (
        _TRIGGER.format(moment="new", when="INSERT"),
        _TRIGGER.format(moment="changed", when="UPDATE"),
    ),
    "postgresql": (_EXCLUSION,),
}


def guard(connection: Connection) -> None:
    for statement in GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(positions, "after_create")
def _with_the_table(_table: Any, connection: Connection, **_given: Any) -> None:
    guard(connection)
