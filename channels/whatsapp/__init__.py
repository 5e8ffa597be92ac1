"""WhatsApp through Meta's Cloud API: a signed webhook in, heyoo (tamed in client.py) out."""
