"""The timetable: what happens by itself, and when."""

from collections.abc import Mapping
from datetime import timedelta

from bot.settings import Settings
from channels.base import Sender
from channels.model.model import Model
from core.database import Database
from core.media.store import Store
from jobs.alerts import give_alerts
from jobs.assistant_answers import answer_due
from jobs.assistant_rescue import rescue_stuck
from jobs.climb import climb_due
from jobs.drills import climb_drills
from jobs.fetch_links import LinkFetcher
from jobs.fetch_media import Fetcher, fetch_media
from jobs.follow_ups import remind_follow_ups
from jobs.going_around import go_around_lanes
from jobs.guidance_drafts import draft_guidance
from jobs.hand_on import hand_on_of_away
from jobs.ledger import check_ledger
from jobs.praise import give_praise
from jobs.replies import follow_replies
from jobs.round_trips import RoundTrips, make_round_trips
from jobs.self_check import check_lanes
from jobs.service_reports import make_reports
from jobs.shifts import ask_at_shift_ends
from jobs.sweeps import expire_leases, forget_locations, prune
from jobs.ticks import Job
from jobs.training_escalation import run_due_trainings
from jobs.uncertain import repeat_uncertain
from jobs.unreached import report_unreached

Senders = Mapping[tuple[str, str], Sender]


def jobs_of(settings: Settings, database: Database, senders: Senders, store: Store, model: Model | None) -> list[Job]:
    patience = timedelta(minutes=settings.unreached_after_minutes)
    trips = _round_trips(settings)
    stuck = timedelta(seconds=settings.assistant_stuck_seconds)
    lease = timedelta(seconds=settings.llm_timeout_seconds + 10)
    return [
        Job(
            "answer-customers",
            lambda _: answer_due(database, model, lease),
            every_seconds=1 if model else 30,
        ),
        Job("rescue-stuck", lambda _: rescue_stuck(database, stuck), every_seconds=5),
        Job("climb", lambda _: climb_due(database), every_seconds=5),
        Job("hand-on", lambda _: hand_on_of_away(database), every_seconds=30),
        Job("expire-leases", lambda _: expire_leases(database), every_seconds=10),
        Job("uncertain", lambda _: repeat_uncertain(database), every_seconds=10),
        Job("fetch-media", lambda _: fetch_media(database, _fetchers(settings, senders), store), every_seconds=2),
        Job("make-reports", lambda _: make_reports(database, store), every_seconds=5),
        Job("go-around", lambda _: go_around_lanes(database), every_seconds=15),
        Job("report-unreached", lambda _: report_unreached(database, patience), every_seconds=60),
        Job("self-check", lambda _: check_lanes(database, _only_asked(settings, senders)), every_seconds=300),
        Job("round-trips", lambda _: make_round_trips(database, senders.values(), trips), every_seconds=30),
        Job("ledger", lambda _: check_ledger(database), cron="30 2 * * *"),
        Job(
            "forget-locations",
            lambda at: forget_locations(database, at, settings.location_days),
            cron="20 3 * * *",
        ),
        Job("prune", lambda at: prune(database, at, settings.media_folder), cron="15 3 * * *"),
        *_drafting(database, model),
        Job("follow-ups", lambda _: remind_follow_ups(database), every_seconds=30),
        Job("alerts", lambda _: give_alerts(database), every_seconds=60),
        Job("praise", lambda at: give_praise(database, at), cron="0 * * * *"),
        Job("shift-ends", lambda _: ask_at_shift_ends(database), every_seconds=60),
        Job("replies", lambda _: follow_replies(database), every_seconds=2),
        Job("drills", lambda _: climb_drills(database), every_seconds=5),
        Job("training-escalation", lambda _: run_due_trainings(database), every_seconds=5),
    ]


def _fetchers(settings: Settings, senders: Senders) -> dict[tuple[str, str], Fetcher]:
    """Of whom a photo can be had: the platforms, and the links that the API was given."""
    return {**senders, ("web", "default"): LinkFetcher(private=settings.only_stand_ins)}


def _drafting(database: Database, model: Model | None) -> list[Job]:
    if model is None:
        return []
    return [Job("guidance-drafts", lambda _: draft_guidance(database, model), every_seconds=2)]


def _round_trips(settings: Settings) -> RoundTrips:
    """None in test mode, where everything would go to the test number."""
    addresses = {} if settings.escalation_test_mode else settings.self_check_addresses
    every, within = settings.self_check_every_minutes, settings.self_check_within_minutes
    return RoundTrips(addresses, timedelta(minutes=every), timedelta(minutes=within))


def _only_asked(settings: Settings, senders: Senders) -> list[Sender]:
    """Those that send no test messages."""
    addresses = _round_trips(settings).addresses
    return [sender for sender in senders.values() if f"{sender.channel}:{sender.account}" not in addresses]
