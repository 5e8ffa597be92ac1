"""python -m sandbox --port 8100"""

import argparse
import sys

import uvicorn

from sandbox.server import create_app


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
    uvicorn.run(
        create_app(),
        host=options.host,
        port=options.port,
        log_level=options.log_level,
        access_log=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
