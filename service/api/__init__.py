"""The JSON API, after the NLGov REST API Design Rules: handlers parse, call one use case and return."""
