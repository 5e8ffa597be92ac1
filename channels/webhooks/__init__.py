"""Outgoing webhooks as a channel: one POST for each event, signed as https://www.standardwebhooks.com says."""
