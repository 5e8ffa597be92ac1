"""HTTP: webhooks in, health, the API, and the pages."""
