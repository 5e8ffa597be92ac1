"""What is looked at: every page and the lists of the API, by whom, with their filters and deep in their lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.big_house import ADMIN, AGENT, CLUSTER_MANAGER, DISPATCHER, HR, LEAD, OWNER, TECHNICIAN
from web.paging import cursor_of

WHO = {
    "admin": ADMIN + 1, "owner": OWNER + 1, "agent": AGENT + 7, "lead": LEAD + 1, "dispatcher": DISPATCHER + 1, "HR": HR + 1,
    "store manager": 7, "cluster manager": CLUSTER_MANAGER + 7, "technician": TECHNICIAN + 7,
}  # fmt: skip
"""Their ids in bench/big_house.py."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`shown`: what stands in the answer once per row; rows are counted by it. `parts`: of a long file only so many. `sums`: it is
    the sum of everything, or all of it in a file, which no page waits for."""

    address: str
    who: str = "admin"
    shown: str = "<tr"
    parts: int = 0
    sums: bool = False

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/")


TICKETS_SEEN_BY = ("admin", "dispatcher", "cluster manager", "store manager", "technician")


def pages(now: datetime, new_ticket: str, old_ticket: str) -> Iterator[Asked]:
    """The tickets: one of the last and one of the middle of the year, of store S36."""
    half_a_year, late = now - timedelta(days=180), (now - timedelta(days=12)).date().isoformat()
    yield from (Asked("/", who, 'class="case ') for who in WHO)
    yield from _escalations(half_a_year.isoformat())
    yield from _tickets(new_ticket, old_ticket)
    yield from _trainings(late)
    yield from _people()
    yield from _deliveries(old_ticket)
    yield from _analytics()
    yield from _audit(half_a_year.isoformat(), old_ticket)
    yield from _settings()
    yield from _lists(late)
    yield from _single(old_ticket)
    yield from _sums()


def _escalations(half_a_year: str) -> Iterator[Asked]:
    filters = ("", "?who=mine", "?who=nobody&priority=P1", "?status=in_progress", "?status=resolved")
    yield from (Asked(f"/escalations{one}", who) for one in filters for who in ("admin", "agent"))
    yield Asked(f"/escalations?status=resolved&cursor={cursor_of(half_a_year, 50_000)}")
    yield Asked("/escalations?status=resolved&who=mine", "agent")
    yield Asked("/escalations/ESC-99999", shown="<li")
    yield Asked("/escalations/ESC-500", "agent", "<li")


def _tickets(new_ticket: str, old_ticket: str) -> Iterator[Asked]:
    for who in TICKETS_SEEN_BY:
        yield Asked("/tickets", who, "draggable")
        yield Asked("/tickets?status=in_progress", who, "draggable")
        yield Asked("/tickets?view=map", who, "<circle")
    yield Asked("/tickets?branch=S7&overdue=yes", "dispatcher", "draggable")
    yield Asked(f"/tickets?technician={TECHNICIAN + 7}&priority=critical", "dispatcher", "draggable")
    yield Asked(f"/tickets/{new_ticket}", "dispatcher", "<li")
    yield Asked(f"/tickets/{old_ticket}", shown="<li")


def _trainings(late: str) -> Iterator[Asked]:
    for who in ("HR", "store manager", "cluster manager"):
        yield from (Asked(f"/training{by}", who) for by in ("", "?by=store", "?by=course"))
    yield Asked(f"/training?cursor={cursor_of(late, 500_000)}", "HR")
    yield Asked("/training?branch=S7", "HR")
    yield Asked("/training/run", "HR")
    yield Asked("/training/preview", "HR")


def _people() -> Iterator[Asked]:
    for address in ("", f"?unit=C7&cursor={cursor_of('S2600')}", "?unit=S7", "?words=person+12", "/P5007", "/import"):
        yield Asked(f"/people{address}", shown="<li")
    yield Asked("/people?words=nobody+at+all", "store manager", "<li")
    yield from (Asked(f"/rules{one}") for one in ("", "/history", "/new"))


def _deliveries(old_ticket: str) -> Iterator[Asked]:
    card = 'class="card '
    yield from (
        Asked(f"/delivery?state={one}", "dispatcher", card) for one in ("failed", "uncertain", "pending", "all")
    )
    deep = cursor_of(500_000)
    for filters in (f"state=all&cursor={deep}", f"state=failed&cursor={deep}", "person=P5007", f"subject={old_ticket}"):
        yield Asked(f"/delivery?{filters}", shown=card)
    yield Asked("/delivery?state=all&channel=slack", shown=card)
    yield Asked("/lanes")
    yield Asked("/quarantine")


def _analytics() -> Iterator[Asked]:
    groups = {
        "tickets": ("month", "branch", "subcategory", "technician"),
        "escalations": ("month", "team", "agent", "reason"),
        "training": ("month", "store", "course"),
    }
    for about, by in groups.items():
        yield from (Asked(f"/analytics?about={about}&by={one}&days=365") for one in by)
    yield Asked("/analytics?about=tickets&by=branch&days=365", "cluster manager")
    yield Asked("/analytics?about=training&by=month&days=365", "store manager")
    yield Asked("/analytics.csv?about=tickets&by=branch&days=365", shown="\r\n")


def _audit(half_a_year: str, old_ticket: str) -> Iterator[Asked]:
    filters = ("area=escalation&days=365", "area=person", "who=P7&days=365", "via=api&days=365", f"about={old_ticket}")
    yield Asked("/audit")
    yield from (Asked(f"/audit?{one}") for one in filters)
    yield Asked(f"/audit?cursor={cursor_of(half_a_year, 1_000_000)}")
    yield Asked("/audit.csv", shown="\r\n", parts=3)


def _settings() -> Iterator[Asked]:
    for name in ("", "/tokens", "/webhooks", "/channels", "/templates"):
        yield Asked(f"/settings{name}", shown="<li")
    kinds = ("", "/training", "/training/history", "/ticket.response", "/ticket.response/history", "/alerts")
    yield from (Asked(f"/policies{kind}") for kind in kinds)
    yield from (Asked(f"/service-levels{name}") for name in ("", "/hours", "/tickets", "/tickets/1/1"))
    yield from (Asked(f"/playbooks{name}") for name in ("", "/new", "/new/history"))
    yield from (Asked(f"/answers{name}") for name in ("", "/try", "/new"))


def _lists(late: str) -> Iterator[Asked]:
    for who in ("admin", "store manager", "technician"):
        yield Asked("/api/tickets?limit=200", who, '"ticketNumber"')
        yield Asked("/api/tickets?status=OPEN", who, '"ticketNumber"')
    yield Asked("/api/tickets", "cluster manager", '"ticketNumber"')
    yield Asked("/api/tickets?branchId=S7", shown='"ticketNumber"')
    yield Asked("/api/tickets?status=CLOSED&technicianId=P5007", shown='"ticketNumber"')
    yield Asked("/api/tickets?overdue=true&priority=HIGH", shown='"ticketNumber"')
    yield Asked(f"/api/tickets?limit=200&cursor={cursor_of(500_000)}", shown='"ticketNumber"')
    yield Asked("/api/escalations?limit=200", shown='"customerName"')
    yield Asked("/api/escalations?status=resolved", shown='"customerName"')
    yield Asked("/api/deliveries?limit=200", shown='"fallbacks"')
    yield Asked("/api/deliveries?state=failed", shown='"fallbacks"')
    yield Asked("/api/escalation/overdue-users?limit=200", shown='"employeeId"')
    yield Asked(f"/api/escalation/overdue-users?cursor={cursor_of(late, 500_000)}", "store manager", '"employeeId"')
    yield Asked("/api/technicians?limit=200", shown='"branchAssignments"')
    for who in ("admin", "cluster manager"):
        yield Asked("/api/customer-branches", who, '"name"')
    yield Asked("/api/customer-branches?limit=200&cursor=" + cursor_of(3_000), shown='"name"')
    yield Asked("/api/webhooks/1/deliveries", shown='"event"')


def _single(old_ticket: str) -> Iterator[Asked]:
    """What is about one thing, and short lists of settings; much of it this company never made."""
    ticket, escalation, client = f"/api/tickets/{old_ticket}", "/api/escalations/ESC-99999", "/api/clients/ACME"
    of_ticket = (ticket, f"{ticket}/report", f"{ticket}/photos/1", "/api/completions/1")
    of_escalation = [f"{escalation}{part}" for part in ("", "/ai-guidance", "/answer", "/playbook", "/similar-cases")]
    of_client = ("escalation-rules", "policies", "answers", "service-levels")
    once_made = ("escalation-rules/history", "policies/1", "policies/1/history", "answers/1")
    of_house = (
        "escalations/ai-alerts", "escalation-causes", "feedback-rules", "alert-rules", "ticket-rules", "parts", "report-wishes",
        "playbooks", "playbooks/new/versions", "units/S7/approval-limit", "units/S7/hours", "people/P5007/hours",
        "people/P5007/bundling", "technicians/P5007", "issue-categories", "issue-categories/1/subcategories",
        "training/levels", "training/guard", "escalation/status", "escalation/drills", "escalation/drills/1", "webhooks",
        "lanes", "quarantine", "test/whatsapp/config",
    )  # fmt: skip
    yield from (Asked(one) for one in (*of_ticket, *of_escalation))
    yield from (Asked(f"{client}/{one}") for one in (*of_client, *once_made))
    yield from (Asked(f"/api/{one}") for one in of_house)
    yield from (Asked(one) for one in ("/healthz", "/readyz", "/metrics"))


def _sums() -> Iterator[Asked]:
    yield Asked("/api/tickets/stats?by=month", shown='"opened"', sums=True)
    yield Asked("/api/escalations/stats", shown='"raised"', sums=True)
    yield Asked("/api/escalation/stats", shown='"byLevel"', sums=True)
    yield Asked("/api/escalation/preview", "HR", '"personId"', sums=True)
    yield Asked("/api/escalation/overdue-users.csv", "HR", "\r\n", sums=True)
    yield Asked("/api/training/fairness.csv?of=S7", "HR", "\r\n", sums=True)
