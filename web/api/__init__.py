"""The API under /api: one file per resource, JSON in camelCase, ids as people say them."""
