"""Slack: Bolt's AsyncApp at the door (HTTP or Socket Mode), slack_sdk's web client out."""
