"""What outside programs rely on in the API, row by row: what stands here keeps working, and more may be added.

`queries`: parameters of the address. `takes`: fields of the body. `gives`: fields of the answer; `many.one` is a field of each
thing in a list. `ways`: statuses of success.
"""

from dataclasses import dataclass

ESCALATION = (
    "id status priority reason reasonDetails conversationSummary suggestedResponse assignedTo assignedAt firstResponseAt"
    " slaDeadline slaBreach resolvedAt resolvedBy resolution resolutionNotes returnToAi createdAt updatedAt"
)
LEAD = "id name phone stage tier"
RULE = "name description conditions action priority enabled"
RULE_KEPT = f"{RULE} id timesTriggered lastTriggeredAt"
COMPLETION = (
    "id completedBy workDescription laborHours laborCostPerHour partsUsed partsCost laborCost totalCost photos signedBy signedAt"
    " approvalStatus approvalNotes"
)
TICKET = (
    "id ticketNumber externalId branch category subcategory contactName contactRole contactPhone description status priority"
    " assignedTechnician dispatcherId createdAt firstResponseAt completedAt closedAt responseDueAt resolutionDueAt completion"
)
TECHNICIAN = "id name phone email status latitude longitude lastLocationUpdate branchAssignments assignedTickets"
TARGETS = " ".join(
    f"sla{kind}{priority}" for kind in ("Response", "Resolution") for priority in ("Critical", "High", "Normal", "Low")
)
GUIDANCE = (
    "summary sentiment.score sentiment.label sentiment.emoji recommendedAction.type recommendedAction.urgency"
    " recommendedAction.reason recommendedAction.predictedSuccess recommendedAction.basis script.opening script.keyPoints"
    " script.closing whatNotToDo winCondition similarCases.id similarCases.outcome similarCases.approach playbook"
)
RUN = "schedule running lastRun consecutiveFailures"
PAGED = "limit cursor"


def each(of: str, names: str) -> str:
    return " ".join(f"{of}.{name}" for name in names.split())


@dataclass(frozen=True, slots=True)
class Row:
    way: str
    queries: str = ""
    takes: str = ""
    gives: str = ""
    ways: str = "200"

    @property
    def method(self) -> str:
        return self.way.split(" ")[0].lower()

    @property
    def path(self) -> str:
        return self.way.split(" ")[1]


ROWS = (
    Row(
        "GET /api/escalations",
        queries=f"clientId status assignedTo priority {PAGED}",
        gives=f"{each('queue', ESCALATION)} {each('summary', 'pending assigned in_progress resolved slaBreached')} nextCursor",
    ),
    Row(
        "POST /api/escalations",
        takes="customerId leadId clientId reason reasonDetails priority conversationSummary suggestedResponse triggerMessageId",
        gives=ESCALATION,
        ways="200 201",
    ),
    Row(
        "GET /api/escalations/{}",
        gives=f"{each('escalation', ESCALATION)} {each('lead', LEAD)} conversation assignee timeline next",
    ),
    Row("POST /api/escalations/{}/assign", takes="teamMemberId", gives=ESCALATION),
    Row("POST /api/escalations/{}/takeover", gives=ESCALATION),
    Row("POST /api/escalations/{}/release", takes="to", gives=ESCALATION),
    Row("POST /api/escalations/{}/reply", takes="body", gives=ESCALATION),
    Row("POST /api/escalations/{}/note", takes="body", gives=ESCALATION),
    Row("POST /api/escalations/{}/resolve", takes="resolution notes returnToAi", gives=ESCALATION),
    Row("POST /api/escalations/{}/reopen", gives=ESCALATION),
    Row("GET /api/clients/{}/escalation-rules", gives=each("items", RULE_KEPT)),
    Row("POST /api/clients/{}/escalation-rules", takes=RULE, gives=RULE_KEPT, ways="201"),
    Row("PUT /api/clients/{}/escalation-rules/{}", takes=RULE, gives=RULE_KEPT),
    Row("DELETE /api/clients/{}/escalation-rules/{}", ways="204"),
    Row("POST /api/clients/{}/escalation-rules/dry-run", takes=RULE),
    Row("GET /api/escalations/{}/ai-guidance", gives=GUIDANCE),
    Row("GET /api/escalations/{}/similar-cases", gives=each("items", "id outcome approach")),
    Row("POST /api/escalations/{}/ai-generate-response", takes="context", gives="text source"),
    Row("GET /api/escalations/ai-alerts", gives=each("items", "id kind priority")),
    Row("GET /api/playbooks", gives=each("items", "id name steps successRate basis")),
    Row("POST /api/escalations/{}/playbook", takes="playbook", ways="201"),
    Row(
        "GET /api/tickets",
        queries=f"status branchId technicianId priority {PAGED}",
        gives=f"{each('items', TICKET)} nextCursor",
    ),
    Row(
        "POST /api/tickets",
        takes="branchId categoryId subcategoryId description priority externalId dispatcherId",
        gives=TICKET,
        ways="201",
    ),
    Row("GET /api/tickets/{}", gives=TICKET),
    Row("PATCH /api/tickets/{}", takes="status assignedTechnicianId", gives=TICKET),
    Row("POST /api/tickets/{}/accept", gives=TICKET),
    Row("POST /api/tickets/{}/decline", takes="reason", gives=TICKET),
    Row("POST /api/tickets/{}/arrive", gives=TICKET),
    Row(
        "POST /api/tickets/{}/complete",
        takes="completedBy workDescription laborHours laborCostPerHour partsUsed.name partsUsed.quantity partsUsed.unitCost"
        " partsUsed.total photos.url photos.type photos.caption",
        gives=COMPLETION,
    ),
    Row("POST /api/tickets/{}/cancel", gives=TICKET),
    Row("POST /api/completions/{}/approve", takes="action reason", gives=COMPLETION),
    Row("GET /api/technicians", queries=PAGED, gives=f"{each('items', TECHNICIAN)} nextCursor"),
    Row("POST /api/technicians", takes="name phone email", gives=TECHNICIAN, ways="201"),
    Row("GET /api/technicians/{}", gives=TECHNICIAN),
    Row("PATCH /api/technicians/{}", takes="latitude longitude", gives=TECHNICIAN),
    Row("POST /api/technicians/{}/assign", takes="branchId isPrimary", gives=TECHNICIAN),
    Row("GET /api/issue-categories", queries=PAGED, gives=each("items", "id name")),
    Row("GET /api/issue-categories/{}/subcategories", queries=PAGED, gives=each("items", f"id name {TARGETS}")),
    Row("GET /api/customer-branches", queries=PAGED, gives=each("items", "id name")),
    Row("GET /api/cron/escalate-tickets", gives="success escalatedCount escalated"),
    Row("GET /api/escalation/status", gives=RUN),
    Row("GET /api/escalation/overdue-users", queries=PAGED, gives=each("items", "id level")),
    Row("GET /api/escalation/stats", gives="byLevel byOutcome"),
    Row("POST /api/escalation/start", gives=RUN),
    Row("POST /api/escalation/stop", gives=RUN),
    Row("POST /api/escalation/restart", gives=RUN),
    Row("POST /api/escalation/run-manual"),
    Row("GET /api/test/whatsapp/config"),
    Row("POST /api/test/whatsapp", takes="phoneNumber message"),
    Row(
        "GET /api/deliveries",
        queries=f"state personId subject {PAGED}",
        gives=each("items", "id state personId subject"),
    ),
    Row("POST /api/deliveries/{}/resend", gives="id state"),
    Row("GET /api/quarantine", queries=PAGED, gives=each("items", "id channel error")),
    Row("POST /api/quarantine/{}/replay", gives="id"),
    Row("POST /api/clock", takes="advanceSeconds"),
)

NO_TOKEN = {"GET /api/cron/escalate-tickets"}
"""It has a secret of its own."""
