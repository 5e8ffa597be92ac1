"""python -m sandbox --port 8100"""

import argparse
import sys
from types import FrameType

import uvicorn

from sandbox.server import create_app


class _Server(uvicorn.Server):
    """Lets long polls go before it waits for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.sandbox.close()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Stand-ins for Telegram, Slack and WhatsApp."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--log-level", default="warning")
    options = parser.parse_args()
    sys.stdout.write(f"sandbox on http://{options.host}:{options.port}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        create_app(),
        host=options.host,
        port=options.port,
        log_level=options.log_level,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    _Server(config).run()


if __name__ == "__main__":
    main()
