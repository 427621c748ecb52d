"""Sentences to vectors to neighbours. Knows strings, ids and arrays; no people, no SQL, no HTTP."""
