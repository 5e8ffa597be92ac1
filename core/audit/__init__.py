"""What happened: an event is the audit row, and the audit row is what timelines, webhooks and analytics read."""
