-- What is expected on statements, what was matched with what, and what is left to explain.
CREATE TABLE item (
  item_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN (
    'due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'surplus', 'part_payment')),
  direction text NOT NULL CHECK (direction IN ('credit', 'debit')),
  unit_id uuid NOT NULL REFERENCES unit,
  account_group_id uuid NOT NULL REFERENCES account_group,
  account_id uuid REFERENCES collection_account,
  request_id uuid REFERENCES payment_request,
  money_id uuid REFERENCES money,
  report_id uuid REFERENCES settlement_report,
  origin_item_id uuid REFERENCES item,
  reference text NOT NULL,
  provider_transaction text NOT NULL DEFAULT '',
  amount_minor amount_minor NOT NULL,
  residual_minor amount_minor NOT NULL,
  is_cancelled boolean NOT NULL DEFAULT false,
  opened_on date NOT NULL,
  due_on date NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CHECK (residual_minor <= amount_minor)
);
CREATE UNIQUE INDEX item_due ON item (request_id) WHERE kind = 'due';
CREATE INDEX item_request ON item (request_id);
CREATE UNIQUE INDEX item_bank_notice ON item (money_id) WHERE kind = 'bank_notice';
CREATE INDEX item_money ON item (money_id);
CREATE UNIQUE INDEX item_payout ON item (report_id, kind) WHERE report_id IS NOT NULL;
CREATE INDEX item_open ON item (account_group_id, kind) WHERE residual_minor > 0;
CREATE INDEX item_reference ON item (account_group_id, reference);

CREATE TABLE match_group (
  group_id uuid PRIMARY KEY,
  account_group_id uuid NOT NULL REFERENCES account_group,
  run_id uuid,
  pass_name text NOT NULL,
  evidence_class text NOT NULL CHECK (evidence_class IN ('A', 'B', 'C', 'E')),
  ruleset_sha256 bytea,
  evidence text NOT NULL,
  evidence_sha256 bytea NOT NULL CHECK (evidence_sha256 = sha256(convert_to(evidence, 'UTF8'))),
  reverses uuid REFERENCES match_group,
  made_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX match_group_reversed_once ON match_group (reverses);
CREATE INDEX match_group_run ON match_group (run_id);

CREATE TABLE allocation (
  allocation_id uuid PRIMARY KEY,
  group_id uuid NOT NULL REFERENCES match_group,
  line_id uuid REFERENCES statement_line,
  item_id uuid REFERENCES item,
  money_id uuid REFERENCES money,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  made_at timestamptz NOT NULL,
  CHECK (line_id IS NOT NULL OR item_id IS NOT NULL)
);
CREATE INDEX allocation_line ON allocation (line_id);
CREATE INDEX allocation_item ON allocation (item_id);
CREATE INDEX allocation_group ON allocation (group_id);
COMMENT ON TABLE allocation IS
  'Takes amount_minor off the line and off the item; negative when its group reverses another.';

CREATE TABLE break_case (
  break_id uuid PRIMARY KEY,
  code text NOT NULL,
  account_group_id uuid NOT NULL REFERENCES account_group,
  unit_id uuid NOT NULL REFERENCES unit,
  line_id uuid REFERENCES statement_line,
  item_id uuid REFERENCES item,
  message_id uuid REFERENCES inbound_message,
  statement_id uuid REFERENCES statement,
  money_id uuid REFERENCES money,
  amount_minor amount_minor NOT NULL,
  details jsonb NOT NULL,
  opened_on date NOT NULL,
  opened_at timestamptz NOT NULL,
  run_id uuid,
  closed_at timestamptz,
  closed_reason text,
  CHECK (num_nonnulls(line_id, item_id, message_id, statement_id, money_id) = 1),
  CHECK ((closed_at IS NULL) = (closed_reason IS NULL))
);
CREATE UNIQUE INDEX break_one_open_line ON break_case (line_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX break_one_open_item ON break_case (item_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX break_one_open_message ON break_case (message_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX break_one_open_statement ON break_case (statement_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX break_one_open_money ON break_case (money_id) WHERE closed_at IS NULL;
CREATE INDEX break_open ON break_case (unit_id, opened_on) WHERE closed_at IS NULL;
CREATE INDEX break_run ON break_case (run_id);

-- Sums are kept by the database, whoever writes: the application's role cannot touch them.
CREATE FUNCTION application_moves_sums() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE request_line AS target SET applied_minor = target.applied_minor + change.amount_minor
    FROM (SELECT line_id, sum(amount_minor)::bigint AS amount_minor FROM added GROUP BY line_id)
      AS change
    WHERE target.line_id = change.line_id;
  UPDATE money AS target SET applied_minor = target.applied_minor + change.amount_minor
    FROM (SELECT money_id, sum(amount_minor)::bigint AS amount_minor FROM added GROUP BY money_id)
      AS change
    WHERE target.money_id = change.money_id;
  UPDATE item AS target
    SET residual_minor = target.residual_minor - change.amount_minor, version = target.version + 1
    FROM (SELECT request_id, sum(amount_minor)::bigint AS amount_minor FROM added
          GROUP BY request_id) AS change
    WHERE target.request_id = change.request_id AND target.kind = 'due';
  RETURN NULL;
END $$;
CREATE TRIGGER application_moves_sums AFTER INSERT ON application
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION application_moves_sums();

CREATE FUNCTION allocation_moves_residuals() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE statement_line AS target
    SET residual_minor = target.residual_minor - change.amount_minor, version = target.version + 1
    FROM (SELECT line_id, sum(amount_minor)::bigint AS amount_minor FROM added
          WHERE line_id IS NOT NULL GROUP BY line_id) AS change
    WHERE target.line_id = change.line_id;
  -- A due is lowered by the applications of money to its lines, not by the line that proved it.
  UPDATE item AS target
    SET residual_minor = target.residual_minor - change.amount_minor, version = target.version + 1
    FROM (SELECT item_id, sum(amount_minor)::bigint AS amount_minor FROM added
          WHERE item_id IS NOT NULL GROUP BY item_id) AS change
    WHERE target.item_id = change.item_id AND target.kind <> 'due';
  RETURN NULL;
END $$;
CREATE TRIGGER allocation_moves_residuals AFTER INSERT ON allocation
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION allocation_moves_residuals();

CREATE FUNCTION starts_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.residual_minor <> NEW.amount_minor THEN
    RAISE EXCEPTION '% starts with its whole amount open', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER starts_whole BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION starts_whole();
CREATE TRIGGER starts_whole BEFORE INSERT ON statement_line
  FOR EACH ROW EXECUTE FUNCTION starts_whole();

CREATE FUNCTION starts_unapplied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.applied_minor <> 0 THEN
    RAISE EXCEPTION '% starts with nothing applied', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER starts_unapplied BEFORE INSERT ON money
  FOR EACH ROW EXECUTE FUNCTION starts_unapplied();
CREATE TRIGGER starts_unapplied BEFORE INSERT ON request_line
  FOR EACH ROW EXECUTE FUNCTION starts_unapplied();
