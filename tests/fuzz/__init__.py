"""Where strangers' bytes come in: one door a module, each with what must hold of whatever comes through it."""
