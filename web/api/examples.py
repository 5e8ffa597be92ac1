"""Examples in the description of the API, put together from the schemas: a field looks the same wherever it stands."""

from typing import Any

Schema = dict[str, Any]

AT = "2026-11-23T09:00:00Z"
BY_FORMAT = {"date-time": AT, "date": "2026-11-23", "binary": ""}
FIELDS: dict[str, Any] = {
    "account": "default",
    "accepted": 9,
    "action": "claim",
    "actor": "Ana Ruiz",
    "answer": "Monday to Saturday from 9 to 21.",
    "assignTo": "round_robin",
    "assignedTo": "AG-1",
    "assignedToName": "Ana Ruiz",
    "author": "Lucía Gómez",
    "because": "primary technician of the branch",
    "branchId": "B-12",
    "branchName": "Market Street",
    "breaker": "closed",
    "category": "Cooling",
    "categoryId": "1",
    "channel": "whatsapp",
    "clientId": "ACME",
    "clusterId": "CL-NORTH",
    "code": "FM-230",
    "completedBy": "Tom Baker",
    "condition": "works",
    "contactName": "Marta Vidal",
    "contactPhone": "+34600333444",
    "contactRole": "store_manager",
    "conversationSummary": "Waits for a refund since Monday and asks for the manager.",
    "country": "ES",
    "counts": "working",
    "course": "Food safety basics",
    "createdBy": "Olga Owen",
    "criticalFrom": 14,
    "currency": "EUR",
    "customerId": "C-1001",
    "customerName": "Lucía Gómez",
    "daysOverdue": 3,
    "description": "Cold room at 12 °C",
    "direction": "in",
    "email": "ana@example.com",
    "emoji": "😠",
    "employeeId": "E-1007",
    "employeeName": "Lena Vogt",
    "enabled": True,
    "fromDay": 1,
    "hours": "Mon-Fri 08:00-18:00",
    "key": "ticket",
    "kind": "escalation.claimed",
    "laborCost": 57.75,
    "laborCostPerHour": 38.5,
    "laborHours": 1.5,
    "language": "en",
    "latitude": 40.4168,
    "level": 2,
    "limits": ["80 in 1 second"],
    "longitude": -3.7038,
    "match": "any",
    "messageId": "msg_5f0c6d2b1e9a4c7788d1f0aa",
    "minutes": 15,
    "name": "Ana Ruiz",
    "notice": "training.digest",
    "outcome": "handled",
    "partsCost": 412.9,
    "person": "Marta Vidal",
    "personId": "SM-12",
    "personName": "Marta Vidal",
    "phone": "+34600111222",
    "policy": "usual",
    "priority": "P1",
    "quantity": 1,
    "question": "Opening hours",
    "reason": "requested_human",
    "reasonDetails": "Asks for the manager",
    "reference": "ESC-12",
    "respondWithin": 30,
    "response": [5, 30, 240, 1440],
    "resolution": [60, 240, 1440, 2880],
    "claim": [15, 60, 240, 480],
    "role": "store_manager",
    "schedule": "0 8 * * *",
    "score": 0.82,
    "script": "Good morning, this is Ana. I am looking at your order now.",
    "sentence": "10:42: Maria Sol (team lead), WhatsApp",
    "situation": "wants money back",
    "skills": ["cooling"],
    "source": "built-in",
    "stage": "escalated",
    "startedBy": "Hanna Reed",
    "state": "sent",
    "subject": "ESC-12",
    "summary": "Call now: waits for a refund since Monday.",
    "team": "billing",
    "template": "escalation.raised",
    "text": "Where is my money? I want to talk to a human!",
    "ticketId": "TKT-202611-00012",
    "ticketNumber": "TKT-202611-00012",
    "tier": "premium",
    "timeZone": "Europe/Madrid",
    "title": "Apologise",
    "total": 412.9,
    "totalCost": 470.65,
    "type": "after",
    "unit": "Market Street",
    "unitCost": 412.9,
    "unitId": "B-12",
    "unitName": "Market Street",
    "url": "https://example.com/callboard",
    "urgency": "now",
    "usualPriority": "HIGH",
    "via": "slack",
    "why": "Its words fit.",
    "winCondition": "Money back today, and a customer who stays.",
    "workDescription": "Compressor replaced, refilled, tested for 20 minutes",
}
BY_SCHEMA: dict[str, dict[str, Any]] = {
    "AlertOut": {"id": "ESC-12", "kind": "target_near"},
    "AssigneeOut": {"id": "AG-1"},
    "AssignmentOut": {"isPrimary": True},
    "AttemptOut": {"outcome": "sent", "code": None, "reason": None},
    "CategoryOut": {"code": "cooling", "name": "Cooling"},
    "ClockOut": {"now": "2026-11-23T10:00:00Z"},
    "DeliveryOut": {"kind": "message", "attempts": 1},
    "DrillOut": {"id": "DRL-3", "branches": 12, "answered": 11},
    "EscalatedOut": {"success": True, "escalatedCount": 1, "escalated": ["TKT-202611-00012"]},
    "EscalationOut": {"id": "ESC-12", "status": "assigned", "assignedAt": AT, "returnToAi": True},
    "LeadOut": {"id": "C-1001", "name": "Lucía Gómez"},
    "LimitOut": {"below": 150},
    "NamedOut": {"name": "Cooling"},
    "OpenedOut": {"id": "TKT-202611-00012"},
    "OverdueOut": {"id": "TRN-7"},
    "PartOfList": {"name": "Fan motor", "unitCost": 89.5},
    "PartOut": {"name": "Compressor"},
    "PlainRule": {"name": "VIPs who want their money back", "description": "Billing answers them within half an hour."},
    "PlaybookOut": {"id": "angry_customer", "name": "Angry customer", "reasons": ["complaint"], "successRate": 0.75,
                    "basis": 8, "saved": 6, "words": ["refund"]},
    "RunStepOut": {"kind": "message"},
    "StepOut": {"kind": "message"},
    "SubcategoryOut": {"code": "noise", "name": "Noise", "slaResponseCritical": 15, "slaResponseHigh": 30,
                       "slaResponseNormal": 120, "slaResponseLow": 480, "slaResolutionCritical": 240,
                       "slaResolutionHigh": 480, "slaResolutionNormal": 1440, "slaResolutionLow": 4320},
    "SentOut": {"attempts": 1},
    "TechnicianBrief": {"id": "T-1", "name": "Tom Baker"},
    "TechnicianOut": {"id": "T-1", "name": "Tom Baker", "email": "tom@example.com", "assignedTickets": ["TKT-202611-00012"]},
    "TicketInFull": {"id": "TKT-202611-00012"},
    "TicketOut": {"id": "TKT-202611-00012"},
    "TriggerOut": {"type": "keyword", "value": "refund*, chargeback"},
    "WebhookOut": {"kinds": ["escalation.*"], "description": "CRM"},
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "agent": "AG-1", "answerId": "7", "assignedTo": "AG-1", "branchId": "B-12", "by": "month", "caption": "The new compressor",
    "categoryId": "1", "channel": "whatsapp", "clientId": "ACME", "completionId": "5", "cursor": "", "deliveryId": "31",
    "from": "2026-11-01", "kind": "csv", "lane": "whatsapp:default", "language": "en", "limit": 50, "of": "B-12",
    "overdue": True, "personId": "SM-12", "photoId": 3,
    "policyId": "ticket.response", "priority": "P1", "quarantineId": "2", "reason": "requested_human",
    "reference": "ESC-12", "ruleId": "house-bug", "state": "failed", "status": "pending", "subcategoryId": "3", "subject": "ESC-12",
    "team": "billing", "technicianId": "T-1", "to": "2026-11-30", "type": "after", "webhookId": "4",
    "Idempotency-Key": "5f0c6d2b-1e9a-4c77-88d1-f0aa13c5e2b4",
}  # fmt: skip
BY_PLACE = {
    ("/tickets", "number"): "TKT-202611-00012",
    ("/tickets", "status"): "OPEN",
    ("/tickets", "priority"): "CRITICAL",
    ("/escalation/drills", "number"): "DRL-3",
    ("/escalations", "number"): 2,
    ("/playbooks", "code"): "angry_customer",
    ("/units", "code"): "B-12",
    ("/people", "code"): "AG-1",
    ("/technicians", "code"): "T-1",
}
"""A parameter of this name under this path."""


def parameter_example(path: str, name: str) -> Any:
    """`path` without /api. None for a name that nobody gave an example."""
    placed = (value for (place, known), value in BY_PLACE.items() if known == name and path.startswith(place))
    return next(placed, PARAMETERS.get(name))


def example_of(schema: Schema, schemas: dict[str, Schema], field: str = "") -> Any:
    """A value that fits the schema; `field`: where it stands. Raises RecursionError for a schema that contains itself."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return (
            _object(schemas[name], schemas, name)
            if "properties" in schemas[name]
            else example_of(schemas[name], schemas, field)
        )
    if "anyOf" in schema:
        return _one_of(schema["anyOf"], schemas, field)
    known = FIELDS.get(field)
    if known is not None and _fits(known, schema):
        return known
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    return _plain(schema, schemas, field)


def _object(schema: Schema, schemas: dict[str, Schema], name: str) -> dict[str, Any]:
    given = schema.get("examples") or [{}]
    known = BY_SCHEMA.get(name, {}) | given[0]
    return {
        field: known[field] if field in known else example_of(inner, schemas, field)
        for field, inner in schema["properties"].items()
    }


def _one_of(choices: list[Schema], schemas: dict[str, Schema], field: str) -> Any:
    """What may be null is null, unless there is something better to show."""
    known = FIELDS.get(field)
    if known is not None and any(_fits(known, choice) for choice in choices):
        return known
    return None if {"type": "null"} in choices else example_of(choices[0], schemas, field)


def _plain(schema: Schema, schemas: dict[str, Schema], field: str) -> Any:
    match schema.get("type"):
        case "object":
            return {name: example_of(inner, schemas, name) for name, inner in schema.get("properties", {}).items()}
        case "array":
            items = schema["items"]
            return [example_of(items, schemas, field)] if "$ref" in items else []
        case "string":
            return BY_FORMAT.get(schema.get("format", ""), "1" if field == "id" else "")
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
    return None


TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


def _fits(value: Any, schema: Schema) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    wanted = TYPES.get(schema.get("type", ""))
    if wanted is None or "format" in schema or isinstance(value, bool) != (wanted is bool):
        return False
    return isinstance(value, wanted) and (not isinstance(value, list) or "$ref" not in schema.get("items", {}))
