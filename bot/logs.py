"""Logs: structured, one line per event, without tokens, phone numbers or message text."""

import logging
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from channels.redaction import quiet_vendors, redact


def _redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Everything that is written, ours or a library's, has passed here last."""
    return {key: _safe(value) for key, value in event.items()}


def _safe(value: Any) -> Any:
    if isinstance(value, str | BaseException):
        return redact(str(value))
    if isinstance(value, dict):
        return {key: _safe(inner) for key, inner in value.items()}
    return [_safe(inner) for inner in value] if isinstance(value, list | tuple) else value


def configure(level: str, form: Literal["text", "json"]) -> None:
    """Everything, ours and the libraries', goes through one handler to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    ending: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redacted,
                ending,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    quiet_vendors()
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # says at every beat that it beats
