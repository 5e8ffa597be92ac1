"""Every setting of the program, from the environment, `.env` and `callboard.toml`. The only file that reads the environment."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Account(BaseModel):
    """One more account of a channel (a client's own bot, workspace or number) from `[[accounts]]` in callboard.toml.

    `recipients_per_day` (WhatsApp): as WHATSAPP_RECIPIENTS_PER_DAY; numbers of one portfolio share what it was granted.
    `secrets` holds what the default account takes from the environment, under the same names without the channel's prefix
    (for Telegram `bot_token`; for Slack `bot_token`, `signing_secret`; for WhatsApp `access_token`, `phone_number_id`, ...).
    """

    channel: Literal["telegram", "slack", "whatsapp"]
    name: str
    client: str = ""
    recipients_per_day: int | None = Field(None, ge=0)
    secrets: dict[str, SecretStr] = Field(default_factory=dict)


class BundleRule(BaseModel):
    """How updates of one kind are bundled, from `[bundling.KEY]` in callboard.toml; what is missing is as for all the others."""

    after: int | None = Field(None, ge=0)
    window_seconds: float | None = Field(None, ge=0)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", toml_file="callboard.toml", extra="ignore")

    database_url: str = Field("sqlite:///var/callboard.db", description="`sqlite:///path` or `postgresql://...`")
    http_host: str = Field("127.0.0.1", description="Address the web server listens on")
    http_port: int = Field(8000, description="Port the web server listens on")
    public_url: str = Field(
        "", description="How people and platforms reach this server from outside; default: host and port"
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions; made up at start when empty (sessions then end with the process)"
    )
    cron_secret: SecretStr = Field(
        SecretStr(""), description="Bearer secret of the /api/cron routes; empty: those routes are off"
    )
    oidc_issuer: str = Field(
        "",
        description="OpenID Connect: who proves a person's e-mail address, such as `https://login.example.com`; empty: people "
        "sign in by a link to their chat only",
    )
    oidc_client_id: str = Field("", description="What the issuer knows this server by")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there; empty: a public client")
    oidc_name: str = Field("your company account", description="What stands on the button after “Sign in with”")
    media_folder: Path = Field(Path("var/media"), description="Where photos and reports are kept")
    log_format: Literal["text", "json"] = Field("text", description="How log lines look")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING, ERROR")

    telegram_bot_token: SecretStr = Field(SecretStr(""), description="From @BotFather; empty: Telegram is off")
    telegram_api_url: str = Field("https://api.telegram.org", description="Bot API root, or a stand-in")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="Who calls whom")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret token of the webhook (webhook mode only)"
    )

    slack_bot_token: SecretStr = Field(SecretStr(""), description="`xoxb-...`; empty: Slack is off")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Verifies what Slack sends")
    slack_app_token: SecretStr = Field(SecretStr(""), description="`xapp-...`: Socket Mode when set")
    slack_api_url: str = Field("https://slack.com/api/", description="Web API root, or a stand-in")

    whatsapp_access_token: SecretStr = Field(SecretStr(""), description="Of the system user; empty: WhatsApp is off")
    whatsapp_phone_number_id: str = Field("", description="The number messages are sent from")
    whatsapp_app_secret: SecretStr = Field(SecretStr(""), description="Verifies what Meta sends")
    whatsapp_verify_token: SecretStr = Field(SecretStr(""), description="Answers Meta's webhook handshake")
    whatsapp_api_url: str = Field("https://graph.facebook.com", description="Graph API root, or a stand-in")
    whatsapp_graph_version: str = Field("v25.0", description="Graph API version")

    whatsapp_sends_per_second: int = Field(80, description="What the number is allowed; Meta raises it up to 1000")
    whatsapp_recipients_per_day: int = Field(
        250,
        ge=0,
        description="How many people the account may begin to write to in 24 hours: what Meta granted (250, 2000, 10000, "
        "100000); 0: unlimited",
    )
    send_guard_seconds: float = Field(0.015, description="Added to every window of a limit, for what the network adds")

    bundle_after: int = Field(
        2, ge=0, description="So many updates of a kind reach a person at once, further ones become one message"
    )
    bundle_window_seconds: float = Field(
        120, ge=0, description="How long they are collected; 0: every one leaves at once"
    )

    location_days: int = Field(
        7, ge=0, description="So many days it is kept where technicians were; then a nightly sweep removes it"
    )

    opening_spread_seconds: float = Field(
        600,
        ge=0,
        description="What waited for the end of quiet hours or the beginning of work leaves within so long after it",
    )

    reply_take_back_seconds: float = Field(
        5, ge=0, le=300, description="How long a reply to a customer waits, so that it can be taken back"
    )

    default_client: str = Field(
        "", description="Code of the client whose line an unknown customer writes to; default: the only client"
    )
    escalation_test_mode: bool = Field(
        False, description="Everything outgoing goes to the test address, marked with the real recipient"
    )
    test_phone_number: str = Field("", description="The test address (WhatsApp)")
    self_check_addresses: dict[str, str] = Field(
        {},
        description='Lane and test chat, such as `{"telegram:default": "4711"}`: the lane really sends there now and then, and '
        "takes it back where it can; a lane without one only asks its platform who we are",
    )
    self_check_every_minutes: float = Field(15, gt=0, description="How often such a test message is sent")
    self_check_within_minutes: float = Field(
        5, gt=0, description="How long it may take (on WhatsApp: until its receipt) before the admins are alarmed"
    )
    unreached_after_minutes: int = Field(
        30, description="An urgent message that has reached nobody for this long alarms the admins"
    )
    escalation_cron_schedule: str = Field(
        "0 8 * * *", description="When the training run comes by itself: a cron expression in the client's time zone"
    )
    escalation_send_spacing_seconds: float = Field(
        1.0, ge=0, le=60, description="From one digest of a training run to the next; 0: as fast as the platforms allow"
    )
    escalation_send_attempts: int = Field(
        3, ge=1, le=10, description="How often a digest is tried while its platform fails for a while"
    )
    escalation_retry_seconds: float = Field(5.0, ge=0, le=600, description="From one of these tries to the next")

    assistant_stuck_seconds: float = Field(
        60, ge=5, description="A customer whom the assistant has not answered for so long gets a human"
    )
    llm_base_url: str = Field("", description="OpenAI-compatible endpoint; empty: built-in rules only")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Its key")
    llm_model: str = Field("", description="Its model")
    llm_timeout_seconds: float = Field(
        8.0, gt=0, le=120, description="So long a model may take; then the built-in words are used"
    )
    llm_tokens_per_day: int = Field(
        200_000,
        ge=0,
        description="So many tokens may be spent in a day (UTC); then the built-in words are used; 0: unlimited",
    )

    webhooks_allow_private: bool = Field(
        False, description="Outgoing webhooks may also go to plain HTTP and into private networks, as in a test setup"
    )

    bundling: dict[Literal["ticket", "escalation"], BundleRule] = Field(
        default_factory=dict, description="Other bundling for one kind of updates, from callboard.toml"
    )
    accounts: list[Account] = Field(default_factory=list, description="More accounts, from callboard.toml")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite://", "postgresql://")):
            raise ValueError(
                "use sqlite:///path or postgresql://user:password@host/name; other databases are not supported"
            )
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.http_host}:{self.http_port}"

    @property
    def vendor_urls(self) -> dict[str, str]:
        """Root URL of every channel that is on."""
        return {
            name: url
            for name, url, token in (
                ("telegram", self.telegram_api_url, self.telegram_bot_token),
                ("slack", self.slack_api_url, self.slack_bot_token),
                ("whatsapp", self.whatsapp_api_url, self.whatsapp_access_token),
            )
            if token.get_secret_value()
        }

    @property
    def only_stand_ins(self) -> bool:
        """Every channel that is on points at this machine: the clock may be moved."""
        return all(urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1") for url in self.vendor_urls.values())
