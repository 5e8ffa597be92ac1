"""Whoever wants to hear of events by HTTP: what they asked for, and queueing what happened for them."""
