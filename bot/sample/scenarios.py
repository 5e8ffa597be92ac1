"""Four customers who write as soon as the demonstration runs: each is solved by doing what the card says."""

from dataclasses import dataclass

import httpx2


@dataclass(frozen=True, slots=True)
class Scenario:
    """`customer`: key in the sandbox. `says`: message by message."""

    customer: str
    platform: str
    says: tuple[str, ...]


SCENARIOS = (
    Scenario(
        "FROST-C-1001",
        "whatsapp",
        (
            "Hello, this is Doug Carter.",
            "Nobody came to the maintenance appointment. Again. That is the third time this quarter!",
            "I have been your customer for six years, and I am seriously thinking of your competitor now.",
        ),
    ),
    Scenario(
        "FROST-C-1022",
        "whatsapp",
        ("I was charged twice for my very first order. I want my money back!",),
    ),
    Scenario(
        "FROST-C-1004",
        "telegram",
        ("Can I talk to a person please? I only want to move tomorrow's delivery to Saturday.",),
    ),
    Scenario(
        "FROST-C-1005",
        "whatsapp",
        (
            "This is Claudia Frei, vice president of operations at Hotel Seeblick. I want to talk about our contract this week.",
        ),
    ),
)


async def play(sandbox: str) -> None:
    """Everybody says their lines, one after the other, as people do."""
    async with httpx2.AsyncClient(base_url=sandbox, timeout=30) as control:
        for scenario in SCENARIOS:
            for line in scenario.says:
                path = f"/control/people/{scenario.customer}/{scenario.platform}/say"
                (await control.post(path, json={"text": line})).raise_for_status()
