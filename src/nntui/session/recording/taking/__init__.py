"""What can be taken away from a recording as data: a table, a document, a scenario of any state."""
