"""Any OpenAI-compatible endpoint, and what keeps it harmless: time, budget, masking, and a look at every answer."""
