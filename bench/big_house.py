"""A company after a busy year: 5,000 branches, 20,000 people, a million tickets, 100,000 escalations, a million
        trainings, and what
was said, noted and sent about them. Filled by SQL alone, in a minute or two."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.clock import wall_time
from core.database import write_engine
from core.executor import execute
from core.tables import metadata
from core.tickets.commands import SeedCategories
from core.tickets.subcategories import list_subcategories
from core.unit_of_work import UnitOfWork

CLUSTERS, BRANCHES = 100, 5_000
TICKETS, ESCALATIONS, TRAININGS, CUSTOMERS = 1_000_000, 100_000, 1_000_000, 60_000
MINUTES = 365 * 1440
MANAGER, TECHNICIAN, CLUSTER_MANAGER, AGENT, LEAD, DISPATCHER, OWNER, ADMIN, HR, OTHERS, PEOPLE = (
    0, 5_000, 15_000, 15_100, 15_300, 15_310, 15_320, 15_321, 15_322, 15_323, 20_000,
)  # fmt: skip
"""The first id of each role is one more; a branch has one manager and two technicians."""
QUICKLY = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY")

AT = "strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', :now, {} || ' minutes')"


def many(number: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) "


def at(minutes: str) -> str:
    """So many minutes after now, as an expression."""
    return AT.format(f"({minutes})")


AGE = f"(({TICKETS} - i) * {MINUTES} / {TICKETS})"
"""Minutes since ticket i was opened; the last one just now."""
OLD = f"(({ESCALATIONS} - i) * {MINUTES} / {ESCALATIONS})"
BRANCH = f"(1001 + i * 7 % {BRANCHES})"
LATE, TO_COME = f"(i + i / {BRANCHES}) % 20 = 0", f"(i + i / {BRANCHES}) % 10 = 1"
"""Of the trainings; at every branch alike."""
FIRST_TECHNICIAN = f"({TECHNICIAN} + 1 + 2 * (i * 7 % {BRANCHES}) + i % 2)"

PLACES = (
    "INSERT INTO units (id, client_id, kind, code, name, path, time_zone, country)"
    " VALUES (1, 1, 'client', 'ACME', 'Acme', '/1/', 'Europe/Madrid', 'ES')",
    many(CLUSTERS) + "INSERT INTO units (id, client_id, parent_id, kind, code, name, path, time_zone, country)"
    " SELECT 1 + i, 1, 1, 'cluster', 'C' || i, 'Cluster ' || i, '/1/' || (1 + i) || '/', 'Europe/Madrid', 'ES' FROM n",
    many(BRANCHES)
    + "INSERT INTO units (id, client_id, parent_id, kind, code, name, path, time_zone, country, latitude, longitude)"
    f" SELECT 1000 + i, 1, 2 + i % {CLUSTERS}, 'branch', 'S' || i, 'Store ' || i,"
    f" '/1/' || (2 + i % {CLUSTERS}) || '/' || (1000 + i) || '/', 'Europe/Madrid', 'ES',"
    " 36 + i % 71 / 10.0, -8 + i % 89 / 8.0 FROM n",
    many(PEOPLE) + "INSERT INTO persons (id, client_id, code, name, language)"
    " SELECT i, 1, 'P' || i, 'Person ' || i, 'en' FROM n",
    many(PEOPLE)
    + f"""INSERT INTO positions (person_id, unit_id, role, rank) SELECT i,
        CASE WHEN i <= {TECHNICIAN} THEN 1000 + i WHEN i <= {CLUSTER_MANAGER} THEN 1001 + (i - {TECHNICIAN} - 1) / 2
             WHEN i <= {AGENT} THEN 1 + i - {CLUSTER_MANAGER} WHEN i <= {OTHERS} THEN 1 ELSE 1000 + i - {OTHERS} END,
        CASE WHEN i <= {TECHNICIAN} THEN 'store_manager' WHEN i <= {CLUSTER_MANAGER} THEN 'technician'
             WHEN i <= {AGENT} THEN 'cluster_manager' WHEN i <= {LEAD} THEN 'agent' WHEN i <= {DISPATCHER} THEN
        'team_lead'
             WHEN i <= {OWNER} THEN 'dispatcher' WHEN i <= {ADMIN} THEN 'owner' WHEN i <= {HR} THEN 'admin'
             WHEN i <= {OTHERS} THEN 'hr_manager' ELSE 'store_manager' END,
        CASE WHEN i > {TECHNICIAN} AND i <= {CLUSTER_MANAGER} THEN CASE i % 2 WHEN 1 THEN 'primary' ELSE
        'secondary' END ELSE '' END
        FROM n""",
    many(PEOPLE) + "INSERT INTO contact_methods (person_id, channel, address, rank, verified_at)"
    f" SELECT i, 'whatsapp', '44' || (7000000000 + i), 1, {at('-9999')} FROM n",
)
TICKET_COLUMNS = (
    "id, client_id, unit_id, number, running, subcategory_id, priority, description, currency, status, dispatcher_id,"
    " technician_id, response_promised_at, response_due_at, resolution_due_at, assigned_at, first_response_at, accepted_at,"
    " completed_at, closed_at,"
    " cancelled_at, created_at, updated_at"
)
BEGUN = "status IN ('in_progress', 'completed', 'closed')"
DONE = "status IN ('completed', 'closed')"
REPAIRS = (
    # half a per cent is open: most of the last days, a few since long
    many(TICKETS)
    + f"""INSERT INTO temp.t SELECT i, {AGE}, CASE
        WHEN i > {TICKETS} - 6000 AND i % 6 OR i % 2000 = 0 THEN substr('naaaaiiiiiiiiicccccc', 1 + i / 6 % 20, 1)
        WHEN i % 33 = 0 THEN 'x' ELSE 'd' END FROM n""",
    """UPDATE temp.t SET status = CASE status WHEN 'n' THEN 'new' WHEN 'a' THEN 'assigned' WHEN 'i' THEN 'in_progress'
        WHEN 'c' THEN 'completed' WHEN 'x' THEN 'cancelled' ELSE 'closed' END""",
    f"""INSERT INTO tickets ({TICKET_COLUMNS}) SELECT i, 1, {BRANCH}, 'TKT-' || strftime('%Y%m', :now, -age ||
        ' minutes') || '-' ||
        printf('%05d', i), i, (SELECT min(id) FROM issue_subcategories) + i % CAST(:kinds AS INTEGER), i % 4,
        'It is warm in the cold room', 'EUR', status,
        {DISPATCHER} + 1 + i % 10, CASE status WHEN 'new' THEN NULL ELSE {FIRST_TECHNICIAN} END,
        {at("240 - age")}, {at("240 - age")}, {at("1440 - age")},
        CASE status WHEN 'new' THEN NULL ELSE {at("1 - age")} END,
        CASE WHEN {BEGUN} THEN {at("min(0, i % 300 - age)")} END, CASE WHEN {BEGUN} THEN
        {at("min(0, i % 300 - age)")} END,
        CASE WHEN {DONE} THEN {at("min(0, 300 + i % 1600 - age)")} END,
        CASE status WHEN 'closed' THEN {at("min(0, 400 + i % 1600 - age)")} END,
        CASE status WHEN 'cancelled' THEN {at("min(0, 60 - age)")} END, {at("-age")}, {at("min(0, 400 - age)")} FROM temp.t""",
    f"""INSERT INTO ticket_offers (ticket_id, person_id, offered_at, due_at, because, outcome, settled_at)
        SELECT i, {FIRST_TECHNICIAN}, {at("1 - age")}, {at("240 - age")}, 'primary', CASE status WHEN 'assigned'
        THEN 'offered' WHEN
        'cancelled' THEN 'withdrawn' ELSE 'accepted' END, CASE status WHEN 'assigned' THEN NULL ELSE
        {at("min(0, i % 300 - age)")} END
        FROM temp.t WHERE status <> 'new'""",
    f"""INSERT INTO completions (ticket_id, completed_by, completed_at, work, labour_minutes, labour_rate, parts,
        parts_cost,
        labour_cost, total_cost, currency, approval, decided_at, decided_by) SELECT i, {FIRST_TECHNICIAN},
        {at("min(0, 300 + i % 1600 - age)")}, 'Fan exchanged', 60, 4500, '[]', 1000, 4500, 5500, 'EUR',
        CASE status WHEN 'closed' THEN 'approved' ELSE 'pending' END, CASE status WHEN 'closed' THEN
        {at("min(0, 400 + i % 1600 - age)")}
        END, CASE status WHEN 'closed' THEN 1 + i * 7 % {BRANCHES} END FROM temp.t WHERE {DONE}""",
    f"""INSERT INTO climbs (client_id, subject_kind, subject_id, purpose, steps, position, started_at, due_at, state)
        SELECT 1, 'ticket', i, CASE WHEN {BEGUN} THEN 'resolution' ELSE 'response' END,
        '[{{"after_minutes":60,"act":"","tell":["dispatcher"]}}]', 0, {at("-age")},
        CASE WHEN status IN ('new', 'assigned', 'in_progress') THEN {at("240")} END,
        CASE WHEN status IN ('new', 'assigned', 'in_progress') THEN 'running' ELSE 'stopped' END FROM temp.t""",
)
TALKS = (
    many(CUSTOMERS) + "INSERT INTO customers (id, client_id, code, name, phone, tier)"
    " SELECT i, 1, 'C' || i, 'Customer ' || i, '34' || (600000000 + i), CASE i % 10 WHEN 0 THEN 'gold' ELSE '' END FROM n",
    many(CUSTOMERS)
    + "INSERT INTO conversations (id, client_id, customer_id, channel, account, chat, led_by, last_inbound_at, created_at)"
    f" SELECT i, 1, i, 'whatsapp', 'default', '34' || (600000000 + i), 'assistant', {at('-i')}, {at(f'-{MINUTES}')} FROM n",
    # the last 1,500 are open, in conversations of their own
    many(ESCALATIONS)
    + f"""INSERT INTO temp.e SELECT i, {OLD}, CASE WHEN i <= {ESCALATIONS} - 1500 THEN 'resolved'
        WHEN i % 3 = 0 THEN 'pending' WHEN i % 3 = 1 THEN 'assigned' ELSE 'in_progress' END,
        CASE WHEN i <= {ESCALATIONS} - 1500 THEN 1 + i % ({CUSTOMERS} - 2000) ELSE {CUSTOMERS} - ({ESCALATIONS} - i) END FROM n""",
    f"""INSERT INTO escalations (id, client_id, customer_id, conversation_id, status, priority, team, reason,
        more_reasons,
        reason_details, assigned_to, assigned_at, first_response_at, response_due_at, breached_at,
        resolution_due_at, resolved_at,
        resolved_by, resolution, necessary, satisfaction, created_at, updated_at) SELECT i, 1, talk, talk,
        status, 1 + i % 3,
        CASE i % 3 WHEN 0 THEN 'billing' ELSE 'engineering' END, CASE i % 2 WHEN 0 THEN 'requested_human' ELSE
        'negative_sentiment' END,
        '[]', 'Where is my order?', CASE status WHEN 'pending' THEN NULL ELSE {AGENT} + 1 + i % 200 END,
        CASE status WHEN 'pending' THEN NULL ELSE {at("5 - age")} END, CASE WHEN status IN ('resolved',
        'in_progress') THEN
        {at("min(0, i % 90 - age)")} END, {at("60 - age")}, CASE WHEN i % 90 > 60 THEN {at("60 - age")} END,
        {at("1440 - age")},
        CASE status WHEN 'resolved' THEN {at("min(0, 100 + i % 2000 - age)")} END, CASE status WHEN 'resolved'
        THEN {AGENT} + 1 + i % 200
        END, CASE status WHEN 'resolved' THEN 'handled' END, CASE status WHEN 'resolved' THEN i % 5 > 0 END,
        CASE WHEN status = 'resolved' AND i % 3 = 0 THEN 1 + i % 5 END, {at("-age")}, {at("min(0, 100 - age)")} FROM temp.e""",
    f"""INSERT INTO climbs (client_id, subject_kind, subject_id, purpose, steps, position, started_at, due_at, state)
        SELECT 1, 'escalation', i, 'response', '[{{"after_minutes":60,"act":"","tell":["team_lead"]}}]', 0,
        {at("-age")},
        CASE status WHEN 'resolved' THEN NULL ELSE {at("60")} END, CASE status WHEN 'resolved' THEN 'stopped'
        ELSE 'running' END
        FROM temp.e""",
    many(5 * ESCALATIONS)
    + f"""INSERT INTO conversation_messages (conversation_id, direction, author, text, mood, at)
        SELECT e.talk, CASE n.i % 2 WHEN 0 THEN 'in' ELSE 'out' END, 'Customer', 'Where is my order?', 0.1,
        {at("n.i % 5 - e.age")}
        FROM n JOIN temp.e ON e.i = (n.i + 4) / 5""",
)
LESSONS = (
    many(20) + "INSERT INTO courses (id, client_id, code, name) SELECT i, 1, 'K' || i, 'Course ' || i FROM n",
    many(TRAININGS // 5) + "INSERT INTO employees (id, client_id, code, key, name, unit_id)"
    f" SELECT i, 1, 'E' || i, 'e' || i, 'Employee ' || i, 1001 + i % {BRANCHES} FROM n",
    # five per cent are overdue, ten per cent still to come, the rest is done
    many(TRAININGS)
    + f"""INSERT INTO training_assignments (client_id, employee_id, course_id, unit_id, due_on, completed_on,
        told_level, created_at, updated_at) SELECT 1, 1 + i % ({TRAININGS} / 5), 1 + i / ({TRAININGS} / 5) + i % 4 * 5,
        1001 + (1 + i % ({TRAININGS} / 5)) % {BRANCHES}, CASE WHEN {LATE} THEN date(:now, '-' || (1 + i / 20
        % 30) || ' days')
        WHEN {TO_COME} THEN date(:now, (i / 10 % 90) || ' days') ELSE date(:now, '-' || (i % 365) || ' days') END,
        CASE WHEN NOT ({LATE} OR {TO_COME}) THEN date(:now, '-' || (i % 365 + 3) || ' days') END, 0, {at("-9999")},
        {at("-9999")}
        FROM n""",
    many(90) + "INSERT INTO training_runs (client_id, run_on, started_at, beat_at, finished_at, outcome, counts)"
    f" SELECT 1, date(:now, (i - 91) || ' days'), {at('(i - 91) * 1440')}, {at('(i - 91) * 1440')},"
    f" {at('(i - 91) * 1440')}, 'done',"
    ' \'{"assignments":50000,"critical":9000,"told":5101}\' FROM n',
)
TOLD = (
    f"""INSERT INTO notifications (id, client_id, template, facts, subject_kind, subject_id, urgency, is_card,
        created_at)
        SELECT i, 1, 'ticket.card', '{{}}', 'ticket', i, 1, 1, {at("-age")} FROM temp.t""",
    f"""INSERT INTO deliveries (id, notification_id, kind, channel, account, chat, person_id, language,
        time_zone, state, urgency,
        attempts, next_attempt_at, external_id, error, created_at, settled_at, followed_at) SELECT i, i,
        'message', 'whatsapp', 'default',
        '44' || (7000000000 + {FIRST_TECHNICIAN}), {FIRST_TECHNICIAN}, 'en', 'Europe/Madrid',
        CASE WHEN i > {TICKETS} - 300 THEN 'pending' WHEN i % 500 = 0 THEN 'failed' WHEN i % 5000 = 1 THEN
        'uncertain' ELSE 'read' END,
        1, 1, {at("-age")}, CASE WHEN i <= {TICKETS} - 300 AND i % 500 THEN 'wamid.' || i END, NULL, {at("-age")},
        CASE WHEN i <= {TICKETS} - 300 THEN {at("-age")} END,
        CASE WHEN i <= {TICKETS} - 300 AND i % 500 = 0 AND i < {TICKETS} - 200000 THEN {at("-age")} END FROM temp.t""",
    f"""INSERT INTO attempts (delivery_id, at, outcome) SELECT i, {at("-age")}, CASE WHEN i % 500 = 0 THEN
        'permanent' ELSE 'sent' END
        FROM temp.t WHERE i <= {TICKETS} - 300""",
    many(2 * TICKETS)
    + f"""INSERT INTO events (client_id, at, kind, subject_kind, subject_id, unit_id, actor_kind, actor_name,
        person_id, via, data) SELECT 1, {at("(n.i % 2) * 180 - t.age")}, CASE n.i % 2 WHEN 0 THEN 'ticket.opened'
        ELSE 'ticket.completed'
        END, 'ticket', t.i, 1001 + t.i * 7 % {BRANCHES}, 'person', 'Person', 1 + t.i * 7 % {BRANCHES},
        'whatsapp', '{{}}'
        FROM n JOIN temp.t ON t.i = (n.i + 1) / 2""",
    many(2 * ESCALATIONS)
    + f"""INSERT INTO events (client_id, at, kind, subject_kind, subject_id, unit_id, actor_kind, actor_name,
        person_id, via, data) SELECT 1, {at("(n.i % 2) * 60 - e.age")}, CASE n.i % 2 WHEN 0 THEN
        'escalation.raised' ELSE
        'escalation.resolved' END, 'escalation', e.i, 1, 'person', 'Person', {AGENT} + 1 + e.i % 200, 'slack', '{{}}'
        FROM n JOIN temp.e ON e.i = (n.i + 1) / 2""",
)


def build(path: Path) -> None:
    """The house's own checks hold; only nobody waits for the disk."""
    values = {"now": wall_time().strftime("%Y-%m-%d %H:%M:%S")}
    engine = write_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        values["kinds"] = str(_furnish(connection, values))
    engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as quick:
        for pragma in QUICKLY:
            quick.execute(f"PRAGMA {pragma}")
        quick.execute("CREATE TEMP TABLE t (i INTEGER PRIMARY KEY, age INTEGER, status TEXT)")
        quick.execute("CREATE TEMP TABLE e (i INTEGER PRIMARY KEY, age INTEGER, status TEXT, talk INTEGER)")
        quick.execute("BEGIN")
        _run(quick, (*REPAIRS, *TALKS, *LESSONS, *TOLD), values)
        quick.execute("COMMIT")


def _furnish(connection: Connection, values: dict[str, str]) -> int:
    """How many kinds of problem there are."""
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    _run(cursor, PLACES, values)
    uow = UnitOfWork(connection, wall_time())
    execute(SeedCategories(1), uow)
    kinds = len(list_subcategories(uow, 1))
    cursor.execute("COMMIT")
    return kinds


def _run(cursor: Any, statements: Sequence[str], values: dict[str, str]) -> None:
    for statement in statements:
        cursor.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
