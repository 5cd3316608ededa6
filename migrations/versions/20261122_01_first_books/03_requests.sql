-- What is asked of whom, and the answers given to the systems that asked.
CREATE TABLE payment_request (
  request_id uuid PRIMARY KEY,
  reference text NOT NULL UNIQUE CHECK (reference ~ '^HPF[A-HJKMNP-Z2-9]{10}$'),
  link_token text NOT NULL UNIQUE CHECK (length(link_token) = 22),
  client_id uuid NOT NULL REFERENCES api_client,
  dossier_code text NOT NULL CHECK (dossier_code ~ '^[A-Za-z0-9.\-]{4,50}$'),
  purpose text NOT NULL CHECK (purpose ~ '^[a-z][a-z0-9-]{0,39}$'),
  sequence integer NOT NULL CHECK (sequence BETWEEN 1 AND 999),
  receiving_unit_id uuid NOT NULL REFERENCES unit,
  competent_unit_id uuid NOT NULL REFERENCES unit,
  collecting_unit_id uuid NOT NULL REFERENCES unit,
  account_group_id uuid NOT NULL REFERENCES account_group,
  account_id uuid NOT NULL REFERENCES collection_account,
  printed_bank_bin char(6) NOT NULL,
  printed_account_number text NOT NULL,
  printed_holder_name text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('online', 'counter')),
  payer_kind text NOT NULL CHECK (payer_kind IN ('individual', 'organisation')),
  submitted_on date NOT NULL,
  amount_minor amount_minor NOT NULL,
  qr_payload text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  cancelled_reason text,
  version integer NOT NULL DEFAULT 1,
  CHECK (expires_at > created_at),
  CHECK ((cancelled_at IS NULL) = (cancelled_reason IS NULL))
);
CREATE UNIQUE INDEX payment_request_business_key
  ON payment_request (collecting_unit_id, dossier_code, purpose, sequence)
  WHERE cancelled_at IS NULL;
CREATE INDEX payment_request_listing ON payment_request (client_id, created_at, request_id);

CREATE TABLE request_line (
  line_id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES payment_request,
  position smallint NOT NULL CHECK (position > 0),
  fee_kind text NOT NULL REFERENCES fee_kind,
  procedure_code text NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
  amount_minor amount_minor NOT NULL,
  applied_minor amount_minor NOT NULL DEFAULT 0,
  rule_code text NOT NULL,
  citation text NOT NULL,
  explanation_vi text NOT NULL,
  explanation_en text NOT NULL,
  UNIQUE (request_id, position),
  CHECK (applied_minor <= amount_minor)
) WITH (fillfactor = 50);  -- each row is updated once: beside itself, no index moves

CREATE TABLE attempt (
  attempt_id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES payment_request,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  merchant_reference text NOT NULL,
  amount_minor amount_minor NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (endpoint_id, merchant_reference)
);
CREATE INDEX attempt_request ON attempt (request_id);

CREATE TABLE idempotency (
  client_id uuid NOT NULL REFERENCES api_client,
  method text NOT NULL,
  path text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  body_sha256 bytea NOT NULL,
  status integer NOT NULL,
  answer bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (client_id, method, path, key)
);
