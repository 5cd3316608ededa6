-- People pair what is expected with the line that settles it.
ALTER TABLE approval DROP CONSTRAINT approval_act_check;
ALTER TABLE approval ADD CONSTRAINT approval_act_check CHECK (act IN (
  'collection_account', 'match_by_hand', 'unmatch', 'write_off', 'book_as_charge', 'pair_lines',
  'refund', 'move_to_unit', 'move_to_request', 'learn_payer', 'answer', 'reopen',
  'settle_item')
  OR (act = 'surplus_refund' AND decision IS NOT NULL)) NOT VALID;

CREATE OR REPLACE FUNCTION done_as_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked_for approval;
BEGIN
  SELECT * INTO asked_for FROM approval WHERE approval_id = NEW.approval_id;
  IF asked_for.decision IS DISTINCT FROM 'approved' THEN
    RAISE EXCEPTION 'a match by people needs the approval of a second person'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (
    SELECT FROM resolved_group JOIN match_group USING (group_id)
    WHERE approval_id = NEW.approval_id AND (
      evidence_class <> 'E'
      OR NOT EXISTS (SELECT FROM allocation WHERE allocation.group_id = match_group.group_id)
      OR CASE
        WHEN reverses IS NOT NULL THEN
          asked_for.act NOT IN ('unmatch', 'move_to_request') OR pass_name <> 'unmatch_by_hand'
        ELSE (asked_for.act, pass_name) NOT IN (
          ('match_by_hand', 'match_by_hand'), ('move_to_request', 'match_by_hand'),
          ('write_off', 'write_off'), ('book_as_charge', 'book_as_charge'),
          ('pair_lines', 'pair_lines'), ('refund', 'refund_ordered'),
          ('move_to_unit', 'move_to_unit'), ('settle_item', 'settle_item'))
      END)
  ) THEN
    RAISE EXCEPTION 'this is not what % does', asked_for.act
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
