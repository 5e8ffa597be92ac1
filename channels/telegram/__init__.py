"""Telegram through the Bot API: webhook or getUpdates in, python-telegram-bot's `Bot` out."""
