"""HTTP: the API, callbacks, citizens' and officers' pages."""
