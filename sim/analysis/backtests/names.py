"""Names in tables that several parts of the evidence share."""

RULE = "rule"  # this model among the forecasters
