"""Everything one sandbox knows; two sandboxes in one process do not see each other."""

from sandbox import config
from sandbox.changes import Changes
from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.delivery import Delivery
from sandbox.faults import Faults
from sandbox.model.state import ModelState
from sandbox.people import People
from sandbox.photos import Files
from sandbox.rates import Rates
from sandbox.slack.state import SlackState
from sandbox.telegram.state import TelegramState
from sandbox.traffic import Traffic
from sandbox.whatsapp.state import WhatsAppState

DAY = 86_400


class Sandbox:
    def __init__(self) -> None:
        self.changes = Changes()
        self.base_url = "http://127.0.0.1:8100"
        self._clear()

    def _clear(self) -> None:
        self.settings = config.defaults()
        self.clock = Clock()
        self.people = People()
        self.chats = Chats(self.changes)
        self.files = Files()
        self.traffic = Traffic()
        self.faults = Faults()
        self.rates = Rates()
        self.telegram = TelegramState()
        self.slack = SlackState()
        self.whatsapp = WhatsAppState()
        self.model = ModelState()
        self.delivery = Delivery(self.settings, self.clock, self.traffic, self.faults)

    def close(self) -> None:
        """Ends every long poll, so that the server can go down at once."""
        self.changes.close()
        self.telegram.arrived.set()

    async def reset(self) -> None:
        """Forgets everything; the numbers of changes go on rising so that nobody who waits misses one."""
        forgotten = self.telegram
        await self.delivery.close()
        self._clear()
        forgotten.arrived.set()
        self.changes.publish("reset")
