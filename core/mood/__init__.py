"""How a customer sounds: from what they wrote alone, without a network, in the languages we ship."""
