"""Charts of the evidence on earlier programmes."""
