-- What a gateway or bank answered closes a break in which no money is open: by two people as well.
ALTER TABLE approval DROP CONSTRAINT approval_act_check;
ALTER TABLE approval ADD CONSTRAINT approval_act_check CHECK (act IN (
  'collection_account', 'match_by_hand', 'unmatch', 'write_off', 'book_as_charge', 'pair_lines',
  'refund', 'move_to_unit', 'move_to_request', 'learn_payer', 'answer', 'reopen')
  OR (act = 'surplus_refund' AND decision IS NOT NULL)) NOT VALID;

ALTER TABLE resolution_band DROP CONSTRAINT resolution_band_act_check;
ALTER TABLE resolution_band ADD CONSTRAINT resolution_band_act_check
  CHECK (act IN ('write_off', 'book_as_charge', 'answer'));
INSERT INTO resolution_band VALUES
  ('answer', NULL, 50000000, NULL, 'Chưa có quyết định; mức tạm cho mọi đơn vị', false,
   '2025-07-01', NULL);

-- A part may be about a break itself; it says nothing of a message or a file, which is of 0 đồng.
ALTER TABLE resolution_part ADD COLUMN break_id uuid REFERENCES break_case;
ALTER TABLE resolution_part DROP CONSTRAINT resolution_part_check;
ALTER TABLE resolution_part ADD CONSTRAINT resolution_part_check CHECK (
  CASE WHEN break_id IS NULL THEN num_nonnulls(line_id, item_id) > 0
       ELSE num_nonnulls(line_id, item_id, group_id) = 0 END);
ALTER TABLE resolution_part DROP CONSTRAINT resolution_part_amount_minor_check;
ALTER TABLE resolution_part ADD CONSTRAINT resolution_part_amount_minor_check
  CHECK (amount_minor > 0 OR break_id IS NOT NULL);
CREATE INDEX resolution_part_break ON resolution_part (break_id) WHERE break_id IS NOT NULL;

CREATE OR REPLACE FUNCTION resolution_is_of_its_approval() RETURNS trigger
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
  IF asked.act IN ('write_off', 'book_as_charge', 'answer') THEN
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

-- Nobody calls a break answered without the approval that says so of this break.
CREATE FUNCTION answer_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM approval JOIN resolution_part AS part USING (approval_id)
    WHERE part.break_id = NEW.break_id AND act = 'answer' AND decision = 'approved') THEN
    RAISE EXCEPTION 'a break is answered by two people'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER answer_is_approved AFTER INSERT OR UPDATE ON break_case
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_reason = 'answered')
  EXECUTE FUNCTION answer_is_approved();
REVOKE EXECUTE ON FUNCTION answer_is_approved FROM PUBLIC;
