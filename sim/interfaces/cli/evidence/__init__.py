"""Commands on how far results can be trusted: backtests, estimation, forecasts, known answers."""
