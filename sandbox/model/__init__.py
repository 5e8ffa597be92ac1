"""A stand-in for a language model behind the /chat/completions of an OpenAI-compatible endpoint: same question, same answer."""
