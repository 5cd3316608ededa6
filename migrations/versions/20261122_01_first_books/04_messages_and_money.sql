-- What banks and gateways told us, and the money it was about.
CREATE TABLE inbound_message (
  message_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  content_sha256 bytea NOT NULL CHECK (length(content_sha256) = 32),
  method text NOT NULL,
  query bytea NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL,
  UNIQUE (endpoint_id, content_sha256)
);

CREATE TABLE message_outcome (
  message_id uuid PRIMARY KEY REFERENCES inbound_message,
  outcome text NOT NULL,
  details jsonb NOT NULL,
  money_id uuid,
  acted_at timestamptz NOT NULL
);

CREATE TABLE money (
  money_id uuid PRIMARY KEY,
  kind text NOT NULL
    CHECK (kind IN ('gateway_notice', 'bank_notice', 'gateway_report', 'bank_line', 'returned')),
  source_id uuid NOT NULL,
  provider_transaction text NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit,
  account_id uuid NOT NULL REFERENCES collection_account,
  endpoint_id uuid REFERENCES endpoint,
  request_id uuid REFERENCES payment_request,
  amount_minor amount_minor NOT NULL CHECK (amount_minor > 0),
  applied_minor amount_minor NOT NULL DEFAULT 0,
  memo text NOT NULL DEFAULT '',
  payer_account text NOT NULL DEFAULT '',
  paid_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (source_id, provider_transaction, kind),
  CHECK (applied_minor <= amount_minor)
) WITH (fillfactor = 50);  -- each row is updated once: beside itself, no index moves
CREATE INDEX money_request ON money (request_id);
CREATE INDEX money_endpoint_transaction ON money (endpoint_id, provider_transaction);
CREATE INDEX money_account_transaction ON money (account_id, provider_transaction);
COMMENT ON COLUMN money.source_id IS
  'The endpoint of a gateway; the collection account of a bank notice or line.';

CREATE TABLE application (
  application_id uuid PRIMARY KEY,
  money_id uuid NOT NULL REFERENCES money,
  request_id uuid NOT NULL REFERENCES payment_request,
  line_id uuid NOT NULL REFERENCES request_line,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  reverses uuid REFERENCES application,
  applied_at timestamptz NOT NULL,
  CHECK ((amount_minor < 0) = (reverses IS NOT NULL))
);
CREATE UNIQUE INDEX application_reversed_once ON application (reverses);
CREATE INDEX application_money ON application (money_id);
CREATE INDEX application_request ON application (request_id);
CREATE INDEX application_line ON application (line_id);

CREATE TABLE settlement_report (
  report_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  batch text NOT NULL,
  settled_on date NOT NULL,
  file_sha256 bytea NOT NULL UNIQUE,
  line_count integer NOT NULL,
  gross_minor bigint NOT NULL,
  fee_minor amount_minor NOT NULL,
  vat_minor amount_minor NOT NULL,
  net_minor bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (endpoint_id, batch),
  CHECK (gross_minor - fee_minor - vat_minor = net_minor)
);

CREATE TABLE settlement_report_line (
  report_id uuid NOT NULL REFERENCES settlement_report,
  position integer NOT NULL,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  provider_transaction text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'refund')),
  our_reference text NOT NULL,
  gross_minor bigint NOT NULL,
  fee_minor amount_minor NOT NULL,
  vat_minor amount_minor NOT NULL,
  money_id uuid REFERENCES money,
  PRIMARY KEY (report_id, position),
  UNIQUE (endpoint_id, provider_transaction, kind)
);
CREATE INDEX settlement_report_line_money ON settlement_report_line (money_id);
