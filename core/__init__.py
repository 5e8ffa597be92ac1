"""Rules and state: no framework, no vendor, no HTTP."""
