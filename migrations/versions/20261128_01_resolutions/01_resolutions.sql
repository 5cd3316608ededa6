-- What one person proposes about a break and another approves; what was done is what was approved.
ALTER TABLE approval DROP CONSTRAINT approval_act_check;
ALTER TABLE approval ADD CONSTRAINT approval_act_check CHECK (act IN (
  'collection_account', 'surplus_refund', 'match_by_hand', 'unmatch', 'write_off',
  'book_as_charge', 'pair_lines'));
-- One thing waits for one decision, whatever is asked about it.
DROP INDEX approval_one_open;
CREATE UNIQUE INDEX approval_one_open ON approval (subject_id) WHERE decision IS NULL;

ALTER TABLE item DROP CONSTRAINT item_kind_check;
ALTER TABLE item ADD CONSTRAINT item_kind_check CHECK (kind IN (
  'due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'surplus', 'part_payment', 'interest'));

CREATE TABLE resolution_band (
  act text NOT NULL CHECK (act IN ('write_off', 'book_as_charge')),
  unit_id uuid REFERENCES unit,
  amount_max_minor amount_minor NOT NULL,
  budget_line text CHECK (budget_line ~ '^[0-9]{3}/[0-9]{4}$'),
  citation text NOT NULL CHECK (citation <> ''),
  verified boolean NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  CHECK ((act = 'write_off') = (budget_line IS NOT NULL)),
  EXCLUDE USING gist (
    act WITH =, (coalesce(unit_id, '00000000-0000-0000-0000-000000000000')) WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&
  )
);
COMMENT ON TABLE resolution_band IS
  'Up to which amount an act is open to two people; a unit''s own band goes before the common one.';
INSERT INTO resolution_band VALUES
  ('write_off', NULL, 20000, '805/4949', 'Chưa có quyết định; mức tạm cho mọi đơn vị', false,
   '2025-07-01', NULL),
  ('book_as_charge', NULL, 2000000, NULL, 'Chưa có quyết định; mức tạm cho mọi đơn vị', false,
   '2025-07-01', NULL);
GRANT SELECT ON resolution_band TO payment_service_application;

CREATE TABLE resolution (
  approval_id uuid PRIMARY KEY REFERENCES approval,
  break_id uuid REFERENCES break_case,
  unit_id uuid NOT NULL REFERENCES unit,
  reason_code text NOT NULL CHECK (reason_code ~ '^[a-z_]{1,40}$'),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  effect text NOT NULL,
  written_by xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX resolution_break ON resolution (break_id);
COMMENT ON COLUMN resolution.effect IS
  'The postings as the proposer saw them, canonical JSON; approved, exactly these are posted.';

CREATE TABLE resolution_part (
  approval_id uuid NOT NULL REFERENCES resolution,
  position smallint NOT NULL CHECK (position > 0),
  line_id uuid REFERENCES statement_line,
  line_version integer,
  item_id uuid REFERENCES item,
  item_version integer,
  group_id uuid REFERENCES match_group,
  amount_minor amount_minor NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (approval_id, position),
  UNIQUE NULLS NOT DISTINCT (approval_id, line_id, item_id),
  CHECK (num_nonnulls(line_id, item_id) > 0),
  CHECK ((line_id IS NULL) = (line_version IS NULL)),
  CHECK ((item_id IS NULL) = (item_version IS NULL))
);

CREATE TABLE resolved_group (
  group_id uuid PRIMARY KEY REFERENCES match_group,
  approval_id uuid NOT NULL REFERENCES resolution
);
CREATE INDEX resolved_group_approval ON resolved_group (approval_id);
COMMENT ON TABLE resolved_group IS 'Which approval a match by people, or its undoing, comes from.';

CREATE FUNCTION approval_says_what() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.act NOT IN ('collection_account', 'surplus_refund')
     AND NOT EXISTS (SELECT FROM resolution_part WHERE approval_id = NEW.approval_id) THEN
    RAISE EXCEPTION 'an approval says what is to be done'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER approval_says_what AFTER INSERT ON approval
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approval_says_what();

CREATE FUNCTION resolution_is_of_its_approval() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked approval;
  band_minor bigint;
BEGIN
  IF NEW.written_by <> pg_current_xact_id() THEN
    RAISE EXCEPTION 'a resolution is of the transaction that writes it'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT * INTO asked FROM approval WHERE approval_id = NEW.approval_id;
  IF asked.decision IS NOT NULL OR asked.act IN ('collection_account', 'surplus_refund') THEN
    RAISE EXCEPTION 'what is to be done is said before it is decided'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF asked.act IN ('write_off', 'book_as_charge') THEN
    SELECT amount_max_minor INTO band_minor FROM resolution_band
      WHERE act = asked.act AND coalesce(unit_id, NEW.unit_id) = NEW.unit_id
        AND daterange(valid_from, valid_to, '[]')
            @> (asked.requested_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
      ORDER BY unit_id NULLS LAST LIMIT 1;
    IF asked.amount_minor > coalesce(band_minor, 0) THEN
      RAISE EXCEPTION '% is beyond the band', asked.amount_minor
        USING ERRCODE = 'check_violation', CONSTRAINT = 'resolution_band';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER resolution_is_of_its_approval BEFORE INSERT ON resolution
  FOR EACH ROW EXECUTE FUNCTION resolution_is_of_its_approval();

CREATE FUNCTION part_is_of_new_resolution() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM resolution WHERE approval_id = NEW.approval_id
             AND written_by <> pg_current_xact_id()) THEN
    RAISE EXCEPTION 'nothing is added to what was asked for'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER part_is_of_new_resolution BEFORE INSERT ON resolution_part
  FOR EACH ROW EXECUTE FUNCTION part_is_of_new_resolution();

-- Checked at commit, when every allocation is there: done once, by two people, exactly as approved.
CREATE FUNCTION done_as_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  decided approval;
BEGIN
  SELECT * INTO decided FROM approval WHERE approval_id = NEW.approval_id;
  IF decided.decision IS DISTINCT FROM 'approved' THEN
    RAISE EXCEPTION 'a match by people needs the approval of a second person'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF decided.act = 'unmatch' THEN
    IF (SELECT array_agg(match_group.reverses) FROM resolved_group JOIN match_group USING (group_id)
        WHERE resolved_group.approval_id = NEW.approval_id)
       IS DISTINCT FROM (SELECT array_agg(DISTINCT group_id) FROM resolution_part
                         WHERE approval_id = NEW.approval_id) THEN
      RAISE EXCEPTION 'another match is undone than was approved'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF EXISTS (
    WITH done AS (
      SELECT line_id, item_id, allocation.amount_minor::bigint AS amount_minor
      FROM resolved_group JOIN allocation USING (group_id)
      WHERE resolved_group.approval_id = NEW.approval_id
    ), asked AS (
      SELECT line_id, item_id, resolution_part.amount_minor::bigint FROM resolution_part
      WHERE approval_id = NEW.approval_id
    )
    (SELECT * FROM done EXCEPT ALL SELECT * FROM asked)
    UNION ALL (SELECT * FROM asked EXCEPT ALL SELECT * FROM done)
  ) THEN
    RAISE EXCEPTION 'something else is matched than was approved'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER done_as_approved AFTER INSERT ON resolved_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION done_as_approved();

-- A later transaction adds no allocation to a match by people: it would not be looked at again.
CREATE FUNCTION clerks_match_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.evidence_class = 'E' AND NEW.pass_name <> 'refund_ordered'
     AND NOT EXISTS (SELECT FROM resolved_group WHERE group_id = NEW.group_id) THEN
    RAISE EXCEPTION 'a match by people names its approval'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clerks_match_is_approved AFTER INSERT ON match_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clerks_match_is_approved();

CREATE FUNCTION allocation_keeps_resolutions() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM added JOIN resolved_group USING (group_id)) THEN
    RAISE EXCEPTION 'nothing is added to a match that people approved'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER allocation_keeps_resolutions AFTER INSERT ON allocation
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION allocation_keeps_resolutions();
