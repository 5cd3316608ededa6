"""The only room that opens connections to gateways and banks; never inside a transaction."""
