"""The one place that knows HTTP, SQL, files and the clock."""

ENGINE_VERSION = "0.1.0"
