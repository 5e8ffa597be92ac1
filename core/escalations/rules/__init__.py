"""Routing rules: who gets a case, decided by the first rule that fits; a client's own, in versions."""
