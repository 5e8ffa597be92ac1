"""One row for each day on which a model was asked."""

from sqlalchemy import Column, Date, Integer, Table

from core.schema import metadata

model_days = Table(
    "model_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("unused", Integer, nullable=False),  # calls whose answer could not be used
)
