"""The model that the settings name, if any."""

from bot.findings import Finding
from bot.settings import Settings
from channels.model.endpoint import Endpoint
from channels.model.model import Model
from channels.model.task import Unusable
from core.database import Database


def model_of(settings: Settings, database: Database) -> Model | None:
    """None: the built-in words are all there are."""
    if not settings.llm_base_url or not settings.llm_model:
        return None
    return Model(_endpoint(settings), database, settings.llm_tokens_per_day)


async def examine_model(settings: Settings) -> list[Finding]:
    if not settings.llm_base_url or not settings.llm_model:
        return []
    endpoint = _endpoint(settings)
    try:
        return [Finding("model", "ok", await endpoint.check())]
    except Unusable as unusable:
        return [Finding("model", "warn", f"It cannot be used, so the built-in words are: {unusable.reason}.")]
    finally:
        await endpoint.close()


def _endpoint(settings: Settings) -> Endpoint:
    key = settings.llm_api_key.get_secret_value()
    return Endpoint(settings.llm_base_url, key, settings.llm_model, settings.llm_timeout_seconds)
