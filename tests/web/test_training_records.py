"""/api/training: records pushed by an HR system, levels and the guard."""

import httpx2

from tests.web.house import Client

ROW = {
    "employeeCode": "ACME-E50",
    "employeeName": "Lena Vogt",
    "unitCode": "ACME-N1",
    "courseCode": "FOOD",
    "dueOn": "2026-11-20",
}


async def test_records_are_pushed_and_pushing_them_again_changes_nothing(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    hr, body = acme.bearer("HR"), {"rows": [ROW, {**ROW, "employeeCode": "ACME-E51", "completedOn": None}]}
    first = (await http.post("/api/training/assignments", json=body, headers=hr)).json()
    assert first == {"added": 2, "changed": 0, "unchanged": 0, "sentence": "2 added, 0 changed, 0 unchanged."}
    again = (await http.post("/api/training/assignments", json=body, headers=hr)).json()
    assert again["sentence"] == "Nothing has changed: all 2 rows were there already."
    done = {"rows": [{**ROW, "completedOn": "2026-11-23"}]}
    assert (await http.post("/api/training/assignments", json=done, headers=hr)).json()["changed"] == 1
    overdue = (await http.get("/api/escalation/overdue-users", headers=hr)).json()["items"]
    assert [one["employeeId"] for one in overdue].count("ACME-E51") == 1
    assert "ACME-E50" not in [one["employeeId"] for one in overdue]


async def test_a_key_names_a_push_so_that_sending_it_twice_does_it_once(http: httpx2.AsyncClient, acme: Client) -> None:
    headers = acme.bearer("HR") | {"Idempotency-Key": "push-1"}
    answers = [await http.post("/api/training/assignments", json={"rows": [ROW]}, headers=headers) for _ in range(2)]
    assert [answer.json()["added"] for answer in answers] == [1, 1]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


async def test_every_wrong_row_is_named_and_nothing_is_taken(http: httpx2.AsyncClient, acme: Client) -> None:
    body = {"rows": [ROW, {**ROW, "employeeCode": "ACME-E51", "unitCode": "BETA-N1", "dueOn": "soon"}]}
    answer = await http.post("/api/training/assignments", json=body, headers=acme.bearer("HR"))
    assert answer.status_code == 422
    assert answer.json()["detail"] == "1 row is wrong, nothing was imported."
    assert answer.json()["bad"] == [
        {"line": 2, "column": "unit_code", "reason": "there is no unit “BETA-N1”"},
        {"line": 2, "column": "due_on", "reason": "“soon” is no date: write it like 2026-11-30"},
    ]
    good = await http.post("/api/training/assignments", json={"rows": [ROW]}, headers=acme.bearer("HR"))
    assert good.json()["added"] == 1


async def test_a_manager_of_a_store_may_not_push(http: httpx2.AsyncClient, acme: Client) -> None:
    answer = await http.post("/api/training/assignments", json={"rows": [ROW]}, headers=acme.bearer("MN1"))
    assert answer.status_code == 403
    assert "This is for HR" in answer.json()["detail"]


async def test_courses_and_leave_are_pushed(http: httpx2.AsyncClient, acme: Client) -> None:
    hr = acme.bearer("HR")
    courses = {"rows": [{"code": "FIRE", "name": "Fire safety"}]}
    assert (await http.post("/api/training/courses", json=courses, headers=hr)).json()["added"] == 1
    leave = {"rows": [{"code": "ACME-E2", "fromOn": "2026-11-20", "untilOn": "2026-11-30"}]}
    assert (await http.post("/api/training/leave", json=leave, headers=hr)).json()["added"] == 1
    overdue = (await http.get("/api/escalation/overdue-users", headers=hr)).json()["items"]
    assert {one["employeeId"]: one["leaveUntil"] for one in overdue}["ACME-E2"] == "2026-11-30"


async def test_levels_are_read_set_and_remembered(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    hr = acme.bearer("HR")
    house = (await http.get("/api/training/levels", headers=hr)).json()
    assert (house["current"]["id"], house["current"]["criticalFrom"], house["history"]) == (None, 14, [])
    wanted = {
        "levels": [{"fromDay": 2, "role": "store_manager"}, {"fromDay": 7, "role": "hr_manager"}],
        "criticalFrom": 30,
        "counts": "working",
    }
    found = (await http.put("/api/training/levels", json=wanted, headers=hr)).json()
    assert {name: found["current"][name] for name in wanted} == wanted
    assert len((await http.put("/api/training/levels", json=wanted, headers=hr)).json()["history"]) == 1
    stats = (await http.get("/api/escalation/stats", headers=hr)).json()
    assert set(stats["byLevel"]) == {"0", "1", "2"}
    assert (await http.get("/api/training/levels", headers=beta.bearer("HR"))).json()["history"] == []
    wrong = await http.put("/api/training/levels", json={"levels": [{"fromDay": 1, "role": "technician"}]}, headers=hr)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "levels")


async def test_doubtful_records_hold_the_run_until_somebody_lets_it_go_on(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    hr = acme.bearer("HR")
    old = {"rows": [ROW], "asOf": "2026-11-01T05:00:00Z"}
    assert (await http.post("/api/training/assignments", json=old, headers=hr)).status_code == 200
    run = (await http.post("/api/escalation/run-manual", headers=hr)).json()
    assert (run["outcome"], run["counts"]) == ("held", {})
    assert run["error"] == "The records are 532 hours old; 72 are allowed."
    guard = (await http.get("/api/training/guard", headers=hr)).json()
    assert guard["held"]["why"] == guard["doubts"] == [run["error"]]
    assert (await http.post("/api/training/go-on", headers=hr)).json()["held"] is None
    assert (await http.post("/api/training/go-on", headers=hr)).status_code == 409
    assert (await http.post("/api/escalation/run-manual", headers=hr)).json()["outcome"] == "done"
    relaxed = {"maxAgeHours": 1000, "maxDropPercent": None}
    assert (await http.put("/api/training/guard", json=relaxed, headers=hr)).json()["doubts"] == []
