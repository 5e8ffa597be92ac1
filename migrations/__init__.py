"""The tables as they grew: numbered steps that Alembic applies in one transaction, on SQLite and PostgreSQL."""
