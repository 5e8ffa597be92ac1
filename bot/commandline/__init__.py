"""One file per command; bot/cli.py imports only the one that is asked for."""
