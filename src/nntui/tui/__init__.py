"""The screen: a Textual app over the engine. It draws and routes; not one number is computed here."""
