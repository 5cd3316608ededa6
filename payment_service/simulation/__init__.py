"""Citizens, gateways and banks played over real HTTP from a scenario and a seed."""
