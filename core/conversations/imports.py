"""Importing customers with the addresses they write from: the phone is their WhatsApp address as well."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision, get_territory_currencies, list_currencies
from sqlalchemy import bindparam, insert, select, update

from core.audit.record import Subject, record
from core.conversations.addresses import plain_address
from core.conversations.events import CustomersImported
from core.conversations.queries import CUSTOMER_BY_ADDRESS, CUSTOMER_BY_CODE
from core.conversations.recognising import made_by_us
from core.conversations.tables import Customer, customer_addresses, customers
from core.errors import Forbidden
from core.imports import ImportRefused, ImportReport
from core.people import cells
from core.people.cells import Complaints
from core.people.queries import CLIENT_BY_CODE, get_unit
from core.people.tables import Unit
from core.rule import Rule
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_WRITTEN = ("code", "name", "phone", "tier", "customer_since", "yearly_value", "currency")

INSERT = Statement(
    insert(customers)
    .values({name: bindparam(name) for name in ("client_id", "stage", "language", *_WRITTEN)})
    .returning(customers.c.id)
)
UPDATE = Statement(
    update(customers).where(customers.c.id == bindparam("id_")).values({name: bindparam(name) for name in _WRITTEN})
)
ADDRESSES = Statement(
    select(customer_addresses.c.channel, customer_addresses.c.address).where(
        customer_addresses.c.customer_id == bindparam("customer_id")
    )
)
ADD_ADDRESS = Statement(
    insert(customer_addresses).values(
        {name: bindparam(name) for name in ("client_id", "customer_id", "channel", "address")}
    )
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """`yearly_value` in whole units of `currency` ('12000' or '12000.50'); an empty currency is that of the client's country."""

    line: int
    client_code: str
    code: str
    name: str
    phone: str = ""
    telegram_id: str = ""
    tier: str = ""
    customer_since: str = ""
    yearly_value: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ImportCustomers:
    """`client_id` None: rows of any client, for the program itself only."""

    rows: tuple[CustomerRow, ...]
    client_id: int | None = None


def import_customers(command: ImportCustomers, uow: UnitOfWork) -> ImportReport:
    if command.client_id is None and uow.actor.kind != "system":
        raise Forbidden("Customers of several clients are imported from the command line of the program only.")
    arrivals = _Arrivals(uow, command.client_id)
    for row in command.rows:
        arrivals.take(row)
    if arrivals.complaints.bad:
        raise ImportRefused(arrivals.complaints.bad)
    for client_id, results in arrivals.results.items():
        if results["added"] or results["changed"]:
            client = get_unit(uow, client_id)
            subject = Subject("unit", client.id, client.code, client.id, client.id)
            record(uow, subject, CustomersImported(results["added"], results["changed"]))
    total = sum(arrivals.results.values(), Counter[str]())
    return ImportReport(total["added"], total["changed"], total["unchanged"])


class _Arrivals:
    def __init__(self, uow: UnitOfWork, client_id: int | None) -> None:
        self.uow = uow
        self.client_id = client_id
        self.complaints = Complaints()
        self.results: dict[int, Counter[str]] = {}
        self.lines: dict[tuple[int, str], int] = {}

    def take(self, row: CustomerRow) -> None:
        before = len(self.complaints.bad)
        client = self._client(row)
        if client is None:
            return
        values = self._values(row, client)
        addresses = self._addresses(row, values["phone"])
        known = self._known(row, client, values["code"], addresses)
        if len(self.complaints.bad) == before:
            result = self._store(client, known, values, addresses)
            self.results.setdefault(client.id, Counter())[result] += 1

    def _client(self, row: CustomerRow) -> Unit | None:
        client = self.uow.first(CLIENT_BY_CODE, code=row.client_code.strip().lower())
        if client is None or self.client_id not in (None, client.id):
            self.complaints.say(row.line, "client_code", f"there is no client “{row.client_code.strip()}”")
            return None
        return client

    def _values(self, row: CustomerRow, client: Unit) -> dict[str, Any]:
        read, line = self.complaints.read, row.line
        code = read(line, "code", cells.needed, row.code, "")
        if code and self.lines.setdefault((client.id, code.lower()), line) != line:
            self.complaints.say(line, "code", f"“{code}” stands in line {self.lines[client.id, code.lower()]} already")
        currency = read(line, "currency", _currency(client.country), row.currency, "")
        return {
            "code": code,
            "name": read(line, "name", cells.needed, row.name, ""),
            "phone": read(line, "phone", cells.phone(client.country), row.phone, ""),
            "tier": row.tier.strip().lower(),
            "customer_since": read(line, "customer_since", cells.day, row.customer_since, None),
            "yearly_value": read(line, "yearly_value", _money(currency), row.yearly_value, None),
            "currency": currency if row.yearly_value.strip() or row.currency.strip() else "",
        }

    def _addresses(self, row: CustomerRow, phone: str) -> list[tuple[str, str]]:
        """Channel and address."""
        found = [("whatsapp", plain_address("whatsapp", phone))] if phone else []
        if row.telegram_id.strip():
            telegram = self.complaints.read(row.line, "telegram_id", cells.address("telegram"), row.telegram_id, "")
            found += [("telegram", telegram)] if telegram else []
        return found

    def _known(self, row: CustomerRow, client: Unit, code: str, addresses: list[tuple[str, str]]) -> Customer | None:
        """By code, else whoever wrote from one of the addresses before being imported."""
        known = self.uow.first(CUSTOMER_BY_CODE, client_id=client.id, code=code)
        for channel, address in addresses:
            column = "telegram_id" if channel == "telegram" else "phone"
            owner = self.uow.first(CUSTOMER_BY_ADDRESS, client_id=client.id, channel=channel, address=address)
            if owner is None or (known and owner.id == known.id):
                continue
            if known is None and made_by_us(owner):
                known = owner
            else:
                self.complaints.say(row.line, column, f"“{address}” belongs to {owner.name} ({owner.code})")
        return known

    def _store(
        self, client: Unit, known: Customer | None, values: dict[str, Any], addresses: list[tuple[str, str]]
    ) -> str:
        if known is None:
            customer_id = int(self.uow.one(INSERT, client_id=client.id, stage="new", language="en", **values).id)
        else:
            customer_id = known.id
        changed = known is not None and any(getattr(known, name) != value for name, value in values.items())
        if changed:
            self.uow.run(UPDATE, id_=customer_id, **values)
        had = {(row.channel, row.address) for row in self.uow.all(ADDRESSES, customer_id=customer_id)}
        new = [address for address in addresses if address not in had]
        for channel, address in new:
            self.uow.run(ADD_ADDRESS, client_id=client.id, customer_id=customer_id, channel=channel, address=address)
        return "added" if known is None else "changed" if changed or new else "unchanged"


def _currency(country: str) -> Any:
    def read(text: str) -> str:
        code = text.upper() or next(iter(get_territory_currencies(country)), "")
        if code not in list_currencies():
            raise ValueError(f"“{text}” is no currency: use three letters, like EUR")
        return str(code)

    return read


def _money(currency: str) -> Any:
    """Minor units of the currency."""

    def read(text: str) -> int | None:
        if not text or not currency:
            return None
        try:
            value = Decimal(text).scaleb(get_currency_precision(currency))
        except InvalidOperation:
            raise ValueError(f"“{text}” is no amount: write it like 12000 or 12000.50") from None
        if value < 0 or value != value.to_integral_value():
            raise ValueError(f"“{text}” is no amount of {currency}")
        return int(value)

    return read


RULES = {ImportCustomers: Rule(import_customers, "people.edit", lambda command, _: command.client_id)}
