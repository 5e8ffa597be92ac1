"""How a run's digests leave: one after the other, and tried a few times. Kept in the database for every process."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.outbox.retry import Tries
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork

KEPT = "training_pacing"


TRIES = Tries(3, 5.0)


@dataclass(frozen=True, slots=True)
class Pacing:
    """`spacing`: seconds from one digest of a run to the next. `tries`: where a platform fails for a while."""

    spacing: float = 1.0
    tries: Tries = TRIES

    def leaves_at(self, started_at: datetime, place: int) -> datetime:
        """The moment of the digest at this place (0-based) of a run, whatever else may hold it."""
        return started_at + timedelta(seconds=self.spacing * place)


def pacing_of(reader: Reader) -> Pacing:
    found = find_kept(reader, KEPT)
    return Pacing(found["spacing"], Tries(found["tries"], found["every"])) if found else Pacing()


def keep_pacing(uow: UnitOfWork, pacing: Pacing) -> None:
    tries = pacing.tries
    keep(uow, KEPT, {"spacing": pacing.spacing, "tries": tries.most, "every": tries.every_seconds})
