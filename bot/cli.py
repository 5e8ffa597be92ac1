"""`callboard`: the command line. Exit code 0 done, 1 failed (a sentence says why), 2 wrong usage."""

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from core.errors import DomainError, Unavailable

COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "migrate": "migrate",
    "import": "importing",
    "token": "token",
    "link": "link",
    "contact": "contact",
    "board": "board",
    "hours": "hours",
    "bundling": "bundling",
    "labour-rate": "labour_rate",
    "approval-limit": "approval_limit",
    "reports": "reports",
    "category": "category",
    "technician": "technician",
    "ticket-rules": "ticket_rules",
    "causes": "causes",
    "stats": "stats",
    "rules": "rules",
    "run-job": "run_job",
    "training": "training",
    "drill": "drill",
    "preview": "preview",
    "send-test": "send_test",
    "lanes": "lanes",
    "doctor": "doctor",
    "backup": "backup",
    "export": "export",
    "templates": "templates",
    "bench": "bench",
}
"""Command -> its module in bot/commandline. Loaded when asked for: the whole program takes seconds to import."""


class Commands(TyperGroup):
    """Typer's own click is private to it, hence the loose types."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"bot.commandline.{COMMANDS[cmd_name]}").app)
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """The outermost boundary: what is refused on purpose ends with its sentence, not with a traceback."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            typer.echo(refusal.sentence, err=True)
        except Unavailable as error:
            typer.echo(f"The database does not answer: {error}", err=True)
        raise typer.Exit(1)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def callboard(
    demo: Annotated[bool, typer.Option("--demo", help="On the database of the demonstration that runs here")] = False,
) -> None:
    """The board that calls people: escalations, service tickets and training deadlines in Telegram, WhatsApp and Slack."""
    import_module("bot.commandline.session").Chosen.demo = demo


def main() -> None:
    """`--demo` is understood behind the command, too."""
    words = [word for word in sys.argv[1:] if word != "--demo"]
    app(["--demo", *words] if words and len(words) < len(sys.argv) - 1 else sys.argv[1:], prog_name="callboard")


if __name__ == "__main__":
    main()
