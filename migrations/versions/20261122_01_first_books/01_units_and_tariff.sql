-- Units, their codes, the tariff and the calendar: data with validity and citation.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE DOMAIN amount_minor AS bigint CHECK (VALUE BETWEEN 0 AND 1000000000000000);

CREATE TABLE account_group (
  account_group_id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE
);
COMMENT ON TABLE account_group IS 'The partition of matching: a unit''s accounts and its predecessors''.';

CREATE TABLE unit (
  unit_id uuid PRIMARY KEY,
  account_group_id uuid NOT NULL REFERENCES account_group,
  code text NOT NULL UNIQUE,
  name_vi text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('phuong', 'xa', 'dac_khu', 'department', 'city')),
  territory text NOT NULL DEFAULT '',
  successor_id uuid REFERENCES unit,
  CHECK (successor_id <> unit_id)
);

CREATE TABLE unit_alias (
  unit_id uuid NOT NULL REFERENCES unit,
  scheme text NOT NULL,
  code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  EXCLUDE USING gist (scheme WITH =, code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);

CREATE TABLE bank (
  bin char(6) PRIMARY KEY CHECK (bin ~ '^[0-9]{6}$'),
  short_name text NOT NULL,
  name_vi text NOT NULL,
  swift text NOT NULL DEFAULT ''
);

CREATE TABLE calendar_day (
  day date PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('holiday', 'make_up_working_day')),
  name_vi text NOT NULL,
  source text NOT NULL
);

CREATE TABLE budget_sub_item (
  code text PRIMARY KEY,
  name_vi text NOT NULL,
  category text NOT NULL CHECK (category IN ('phi', 'le_phi'))
);

CREATE TABLE fee_kind (
  code text PRIMARY KEY,
  name_vi text NOT NULL,
  name_en text NOT NULL,
  category text NOT NULL CHECK (category IN ('phi', 'le_phi')),
  sub_item text NOT NULL REFERENCES budget_sub_item,
  chapter text NOT NULL,
  verified boolean NOT NULL
);

CREATE TABLE fee_retention (
  fee_kind text NOT NULL REFERENCES fee_kind,
  valid_from date NOT NULL,
  valid_to date,
  retained_permille integer NOT NULL CHECK (retained_permille BETWEEN 0 AND 1000),
  citation text NOT NULL CHECK (citation <> ''),
  verified boolean NOT NULL,
  EXCLUDE USING gist (fee_kind WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);

CREATE TABLE fee_rule (
  code text PRIMARY KEY,
  fee_kind text NOT NULL REFERENCES fee_kind,
  procedure_code text NOT NULL,
  procedure_name_vi text NOT NULL,
  territory text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('*', 'online', 'counter')),
  payer_kind text NOT NULL CHECK (payer_kind IN ('*', 'individual', 'organisation')),
  variant text NOT NULL,
  per text NOT NULL,
  unit_amount_minor amount_minor NOT NULL,
  further_from_quantity integer CHECK (further_from_quantity > 1),
  further_amount_minor amount_minor,
  cap_minor amount_minor,
  citation text NOT NULL CHECK (citation <> ''),
  valid_from date NOT NULL,
  valid_to date,
  verified boolean NOT NULL,
  source_mark text NOT NULL,
  CHECK ((further_from_quantity IS NULL) = (further_amount_minor IS NULL)),
  EXCLUDE USING gist (
    fee_kind WITH =, procedure_code WITH =, territory WITH =, channel WITH =, payer_kind WITH =,
    variant WITH =, daterange(valid_from, valid_to, '[]') WITH &&
  )
);
