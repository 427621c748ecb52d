"""The pages: HTML from the server, whole without JavaScript. Handlers parse, call a use case and render."""
