-- The books: balanced, append-only, one business day at a time.
CREATE TABLE business_day (
  book text NOT NULL,
  day date NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'proposed', 'closed')),
  PRIMARY KEY (book, day)
);

CREATE TABLE journal_entry (
  entry_id uuid PRIMARY KEY,
  rule text NOT NULL,
  source text NOT NULL,
  book text NOT NULL,
  business_date date NOT NULL,
  event_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  evidence_root bytea CHECK (length(evidence_root) = 32),
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
  UNIQUE (rule, source),
  FOREIGN KEY (book, business_date) REFERENCES business_day
);
CREATE INDEX journal_entry_book ON journal_entry (book, business_date);

CREATE TABLE posting (
  entry_id uuid NOT NULL REFERENCES journal_entry,
  position smallint NOT NULL,
  account text NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit,
  detail text NOT NULL,
  side char(1) NOT NULL CHECK (side IN ('D', 'C')),
  amount_minor amount_minor NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (entry_id, position)
);
CREATE INDEX posting_account ON posting (account, unit_id, detail);

CREATE FUNCTION entry_must_balance() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM posting WHERE entry_id = NEW.entry_id) < 2 THEN
    RAISE EXCEPTION 'journal entry % has fewer than two postings', NEW.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
    SELECT FROM posting WHERE entry_id = NEW.entry_id
    GROUP BY unit_id
    HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0
  ) THEN
    RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_must_balance AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_must_balance();

-- Postings are written with their entry, in its transaction, or not at all. They balance statement
-- by statement: the check at commit, once forced with SET CONSTRAINTS, would not look again.
CREATE FUNCTION posting_belongs_to_new_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added JOIN journal_entry USING (entry_id)
    WHERE journal_entry.written_by <> pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION 'postings are never added to an entry of an earlier transaction'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
    SELECT FROM added GROUP BY entry_id, unit_id
    HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0
  ) THEN
    RAISE EXCEPTION 'postings written together do not balance'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_belongs_to_new_entry AFTER INSERT ON posting
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION posting_belongs_to_new_entry();

CREATE FUNCTION day_must_be_open() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM business_day
    WHERE book = NEW.book AND day = NEW.business_date AND state <> 'closed' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'business day % of % is closed', NEW.business_date, NEW.book
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER day_must_be_open BEFORE INSERT ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION day_must_be_open();

CREATE TABLE declaration (
  declaration_id uuid PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES unit,
  declared_on date NOT NULL,
  amount_minor bigint NOT NULL,
  declared_at timestamptz NOT NULL
);
CREATE INDEX declaration_unit ON declaration (unit_id, declared_on);

CREATE TABLE declared_application (
  application_id uuid NOT NULL REFERENCES application,
  declaration_id uuid NOT NULL REFERENCES declaration,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  PRIMARY KEY (application_id, declaration_id)
);

CREATE TABLE audit_event (
  event_id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  act text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL
);

CREATE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'journal_entry', 'posting', 'inbound_message', 'message_outcome', 'application', 'match_group',
    'allocation', 'audit_event', 'statement_file', 'statement_file_answer', 'settlement_report', 'settlement_report_line',
    'declaration', 'declared_application', 'idempotency', 'attempt']
  LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I
      FOR EACH ROW EXECUTE FUNCTION never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION never_changes()', name);
  END LOOP;
END $$;
