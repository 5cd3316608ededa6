-- Refunds are acts like the others; money goes to the unit or the request it was meant for.
ALTER TABLE approval DROP CONSTRAINT approval_act_check;
ALTER TABLE approval ADD CONSTRAINT approval_act_check CHECK (act IN (
  'collection_account', 'match_by_hand', 'unmatch', 'write_off', 'book_as_charge', 'pair_lines',
  'refund', 'move_to_unit', 'move_to_request', 'learn_payer')
  -- Asked for before: such a refund, still undecided, is declined and asked for anew.
  OR (act = 'surplus_refund' AND decision IS NOT NULL)) NOT VALID;

ALTER TABLE item DROP CONSTRAINT item_kind_check;
ALTER TABLE item ADD CONSTRAINT item_kind_check CHECK (kind IN (
  'due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'surplus', 'part_payment', 'interest',
  'unit_transfer'));

-- Checked at commit, when every allocation is there: done once, by two people, exactly as approved.
-- Parts that name a match are about undoing it, the others about what is matched anew.
CREATE OR REPLACE FUNCTION done_as_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT decision FROM approval WHERE approval_id = NEW.approval_id)
     IS DISTINCT FROM 'approved' THEN
    RAISE EXCEPTION 'a match by people needs the approval of a second person'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (SELECT array_agg(reverses ORDER BY reverses) FROM resolved_group
      JOIN match_group USING (group_id)
      WHERE approval_id = NEW.approval_id AND reverses IS NOT NULL)
     IS DISTINCT FROM (SELECT array_agg(DISTINCT group_id ORDER BY group_id) FROM resolution_part
                       WHERE approval_id = NEW.approval_id AND group_id IS NOT NULL) THEN
    RAISE EXCEPTION 'another match is undone than was approved'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
    WITH done AS (
      SELECT line_id, item_id, allocation.amount_minor::bigint AS amount_minor
      FROM resolved_group JOIN match_group USING (group_id) JOIN allocation USING (group_id)
      WHERE approval_id = NEW.approval_id AND reverses IS NULL
    ), asked AS (
      SELECT line_id, item_id, amount_minor::bigint FROM resolution_part
      WHERE approval_id = NEW.approval_id AND group_id IS NULL
    )
    (SELECT * FROM done EXCEPT ALL SELECT * FROM asked)
    UNION ALL (SELECT * FROM asked EXCEPT ALL SELECT * FROM done)
  ) THEN
    RAISE EXCEPTION 'something else is matched than was approved'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION clerks_match_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.evidence_class = 'E'
     AND NOT EXISTS (SELECT FROM resolved_group WHERE group_id = NEW.group_id) THEN
    RAISE EXCEPTION 'a match by people names its approval'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- An order of people to the bank comes from an approval: its item bears the id of its match.
CREATE FUNCTION order_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM resolved_group JOIN resolution_part USING (approval_id)
    WHERE resolved_group.group_id = NEW.item_id
      AND resolution_part.amount_minor = NEW.amount_minor) THEN
    RAISE EXCEPTION 'money is ordered away by two people'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_is_approved AFTER INSERT ON item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ('refund', 'unit_transfer'))
  EXECUTE FUNCTION order_is_approved();

REVOKE EXECUTE ON FUNCTION order_is_approved FROM PUBLIC;
