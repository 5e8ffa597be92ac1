"""Playbooks: for one kind of case the steps that worked before, ticked off one by one; follow-ups come back by themselves."""
