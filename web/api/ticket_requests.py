"""What can be asked about tickets over HTTP, and amounts as people write them."""

from decimal import Decimal
from typing import Literal

from babel.numbers import get_currency_precision
from pydantic import Field

from core.errors import Invalid
from core.tickets.costs import MOST_DECIMALS, Part
from web.api.json import Asked, Money, Name, Words, example
from web.api.ticket_shapes import major
from web.paging import DEFAULT, MOST

PHOTO_TYPES = {"before": "before", "after": "after"}  # anything else shows the work


class Open(Asked):
    """`joinDuplicate`: where the same fault is open at that branch, add this report to it instead of opening another."""

    model_config = example(
        branchId="B-12", categoryId="1", subcategoryId="3", description="Cold room at 12 °C", priority="CRITICAL"
    )
    branch_id: Name
    category_id: str | int | None = None
    subcategory_id: str | int
    description: Words
    priority: str | int = "NORMAL"
    external_id: Name | None = None
    dispatcher_id: Name | None = None
    join_duplicate: bool = False


class Narrow(Asked):
    """Which tickets to list."""

    status: str | None = Field(None, max_length=200)
    branch_id: Name | None = None
    technician_id: Name | None = None
    priority: str | None = Field(None, max_length=20)
    overdue: bool = False
    limit: int = Field(DEFAULT, ge=1, le=MOST)
    cursor: str = Field("", max_length=500)


class Change(Asked):
    """One of the three. `reason` goes with CANCELLED."""

    model_config = example(assignedTechnicianId="T-2")
    status: str | None = None
    assigned_technician_id: Name | None = None
    priority: str | int | None = None
    reason: str = ""


class Reason(Asked):
    model_config = example(reason="The spare part has not come")
    reason: Words


class Arrive(Asked):
    model_config = example(latitude=40.4168, longitude=-3.7038)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)


class PartUsed(Asked):
    """`total`, if given, must be what quantity times price comes to."""

    name: Name
    quantity: Decimal = Field(gt=0, le=1_000_000, decimal_places=MOST_DECIMALS, allow_inf_nan=False)
    unit_cost: Money
    total: Money | None = None


class PhotoTaken(Asked):
    url: str = Field(pattern=r"^https?://[^\s]+$", max_length=2000)
    type: str = "work"
    caption: str = Field("", max_length=1000)


class Complete(Asked):
    """Without `laborCostPerHour` labour costs what the client's rate says."""

    model_config = example(
        completedBy="T-1",
        workDescription="Compressor replaced, refilled, tested for 20 minutes",
        laborHours=1.5,
        laborCostPerHour=38.5,
        partsUsed=[{"name": "Compressor", "quantity": 1, "unitCost": 412.9}],
        photos=[{"url": "https://example.com/after.jpg", "type": "after"}],
    )
    completed_by: Name | None = None
    work_description: Words
    labor_hours: Decimal = Field(Decimal(0), ge=0, le=720, decimal_places=MOST_DECIMALS, allow_inf_nan=False)
    labor_cost_per_hour: Money | None = None
    parts_used: list[PartUsed] = Field(default_factory=list, max_length=200)
    photos: list[PhotoTaken] = Field(default_factory=list, max_length=20)


class SignatureGiven(Asked):
    model_config = example(code="482193")
    code: str = Field("", max_length=20)


class Decide(Asked):
    model_config = example(action="approve")
    action: Literal["approve", "reject"]
    reason: str = ""


def minor(amount: Decimal, currency: str, field: str) -> int:
    """Raises Invalid for a fraction of the smallest coin."""
    exact = amount.scaleb(get_currency_precision(currency))
    if exact != exact.to_integral_value():
        raise Invalid(f"{amount} is no amount in {currency}: it has too many decimals.", field=field)
    return int(exact)


def part_of(used: PartUsed, place: int, currency: str) -> Part:
    field = f"partsUsed[{place}]"
    part = Part(used.name, used.quantity, minor(used.unit_cost, currency, f"{field}.unitCost"))
    if used.total is not None and minor(used.total, currency, f"{field}.total") != part.total:
        exact = major(part.total, currency)
        raise Invalid(f"{used.quantity} x {used.unit_cost} is {exact}, not {used.total}.", field=f"{field}.total")
    return part
