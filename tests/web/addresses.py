"""One address or more of everything that can be read: every page, and every GET of the API."""

import re
from collections.abc import Iterable, Iterator

from web.app import ROOMS
from web.pages.rooms import PAGES

ADDRESSES = (
    "/", "/escalations", "/escalations?status=resolved", "/escalations?who=mine", "/escalations?who=nobody&priority=P1",
    "/escalations/{escalation}",
    "/tickets", "/tickets?status=in_progress", "/tickets?view=map", "/tickets?overdue=yes&priority=high",

    "/tickets?technician=11", "/tickets/{ticket}", "/training", "/training?by=store", "/training?by=course",
    "/training?branch=ACME-N1",
    "/training/run", "/people", "/people?unit=ACME-N1",
    "/people?words=a", "/people/import", "/people/ACME-T1", "/rules",
    "/rules/history", "/rules/new", "/delivery", "/delivery?state=uncertain", "/delivery?state=pending", "/delivery?state=all",
    "/delivery?state=all&channel=slack", "/delivery?person=ACME-T1", "/delivery?subject={ticket}", "/lanes", "/quarantine",
    "/analytics?about=tickets&by=technician", "/analytics?about=escalations&by=month", "/analytics?about=escalations&by=agent",
    "/analytics?about=training&by=store", "/analytics.csv",
    "/audit", "/audit?area=ticket", "/audit?who=ACME-T1", "/audit?via=api", "/audit?about={ticket}",
    "/audit.csv", "/settings", "/settings/tokens", "/settings/webhooks", "/settings/channels", "/settings/templates",
    "/training/preview", "/policies", "/policies/training", "/policies/training/history", "/policies/ticket.response",
    "/policies/ticket.response/history", "/service-levels", "/service-levels/hours", "/service-levels/tickets",
    "/service-levels/tickets/1/1",
    "/playbooks",
    "/playbooks/new", "/playbooks/new/history", "/answers",
    "/answers/try", "/answers/new",
    "/policies/alerts",
)  # fmt: skip
LISTS = (
    "/api/tickets", "/api/tickets?status=OPEN", "/api/tickets?branchId=ACME-N1", "/api/tickets?technicianId=ACME-T1",
    "/api/tickets?overdue=true", "/api/escalations", "/api/escalations?status=resolved", "/api/deliveries",
    "/api/deliveries?state=failed", "/api/deliveries?state=read", "/api/escalation/overdue-users", "/api/technicians",
    "/api/customer-branches", "/api/webhooks/1/deliveries",
)  # fmt: skip
SINGLE = (
    "/api/tickets/{ticket}", "/api/tickets/{ticket}/report", "/api/tickets/{ticket}/photos/1", "/api/completions/1",
    "/api/escalations/{escalation}", "/api/escalations/{escalation}/ai-guidance", "/api/escalations/{escalation}/answer",
    "/api/escalations/{escalation}/playbook", "/api/escalations/{escalation}/similar-cases", "/api/escalations/ai-alerts",
    "/api/escalation-causes", "/api/feedback-rules", "/api/alert-rules", "/api/ticket-rules", "/api/parts", "/api/report-wishes",
    "/api/playbooks", "/api/playbooks/new/versions", "/api/clients/ACME/escalation-rules",
    "/api/clients/ACME/escalation-rules/history", "/api/clients/ACME/policies", "/api/clients/ACME/policies/1",
    "/api/clients/ACME/policies/1/history", "/api/clients/ACME/answers", "/api/clients/ACME/answers/1",
    "/api/clients/ACME/service-levels", "/api/units/ACME-N1/approval-limit", "/api/units/ACME-N1/hours",
    "/api/people/ACME-T1/hours", "/api/people/ACME-T1/bundling", "/api/technicians/ACME-T1", "/api/issue-categories",
    "/api/issue-categories/1/subcategories", "/api/training/levels", "/api/training/guard", "/api/escalation/status",
    "/api/escalation/drills", "/api/escalation/drills/1", "/api/webhooks", "/api/lanes", "/api/quarantine",
    "/api/test/whatsapp/config", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
SUMS = (
    "/api/tickets/stats", "/api/escalations/stats", "/api/escalation/stats", "/api/escalation/preview",
    "/api/escalation/overdue-users.csv", "/api/training/fairness.csv?of=ACME-N1",
)  # fmt: skip
"""Whose rows are all of them, or the sums of everything."""
SUMS_UP = ("/analytics", "/training/preview", *SUMS)
OPEN_TO_STRANGERS = {
    "/sign-in",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/login/{secret}",
    "/here/{secret}",
    "/here/{secret}/position",
    "/lists/{secret}.{kind}",
    "/live",
}
"""Routes of the pages for whoever is not signed in, and the stream, which tells them nothing."""
ELSEWHERE = OPEN_TO_STRANGERS | {"/api/cron/escalate-tickets"}
"""What is read there is looked at elsewhere, and one changes something."""


def left_out(addresses: Iterable[str]) -> set[str]:
    """The routes that none of them is an address of."""
    asked = {address.partition("?")[0] for address in addresses}
    return {
        route
        for route in routes() - ELSEWHERE
        if not any(re.fullmatch(re.sub(r"{[^}]*}", "[^/]+", route), one) for one in asked)
    }


def routes() -> set[str]:
    return set(_routes())


def _routes() -> Iterator[str]:
    for room in (*ROOMS, *PAGES):
        for route in room.router.routes:
            if "GET" in getattr(route, "methods", ()):
                yield str(getattr(route, "path", ""))
