"""Load generators: wrk for how much a server can do, an open loop for how it does while people wait."""
