"""A customer conversation that needs a human: raised, claimed, taken over, answered, resolved."""
