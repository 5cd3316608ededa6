-- Whether an account paid for one request or for many is asked for each request paid in part.
CREATE INDEX money_payer_account ON money (payer_account) WHERE payer_account <> '';
