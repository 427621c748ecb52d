"""What people ask of Passend, one function each; handlers and commands only call these."""
