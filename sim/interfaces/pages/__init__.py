"""Pages of the what-if explorer, one script each; `sim.interfaces.explorer` draws their parts."""
