"""The stages, in the order the data flows, and the wiring that runs them."""
