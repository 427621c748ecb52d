"""The commands of `passend` by subject; `service.cli` puts them together."""
