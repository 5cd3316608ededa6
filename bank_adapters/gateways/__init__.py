"""Payment gateways, one file each: callbacks, checkout addresses, settlement reports."""
