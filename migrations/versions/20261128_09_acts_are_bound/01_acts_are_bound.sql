-- Checked at commit, when every allocation is there: done once, by two people, exactly as approved.
-- Parts that name a match are about undoing it, the others about what is matched anew; which of
-- the two may be, and under which name it stands, is the act's.
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
          ('move_to_unit', 'move_to_unit'))
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

-- An order of people to the bank is what its act makes of its match, whose id it bears.
CREATE OR REPLACE FUNCTION order_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM resolved_group JOIN approval USING (approval_id)
    JOIN match_group USING (group_id) JOIN allocation AS taken USING (group_id)
    LEFT JOIN statement_line AS line ON line.line_id = taken.line_id
    LEFT JOIN item AS source ON source.item_id = taken.item_id
    WHERE group_id = NEW.item_id AND reverses IS NULL AND taken.amount_minor = NEW.amount_minor
      AND CASE NEW.kind
        WHEN 'refund' THEN act = 'refund' AND NEW.direction = 'debit'
          AND NEW.account_id = coalesce(line.account_id, source.account_id)
        ELSE act = 'move_to_unit' AND CASE NEW.direction
          WHEN 'debit' THEN NEW.account_id = line.account_id
          ELSE NEW.unit_id = source.unit_id END
        END) THEN
    RAISE EXCEPTION 'money is ordered away by two people'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

-- What undoes a match takes back what that match took, and lets end only what came from it: the
-- order or charge that bears its id, and what is kept of its money or for the same request.
CREATE FUNCTION reversals_negate() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT group_id FROM added WHERE amount_minor < 0) AS negative
    JOIN match_group AS undoing USING (group_id)
    WHERE EXISTS (
      SELECT line_id, item_id, money_id, -amount_minor FROM allocation
      WHERE group_id = undoing.group_id AND amount_minor < 0
      EXCEPT ALL
      SELECT line_id, item_id, money_id, amount_minor FROM allocation
      WHERE group_id = undoing.reverses)
  ) OR EXISTS (
    SELECT FROM added JOIN match_group AS undoing USING (group_id)
    WHERE undoing.reverses IS NOT NULL AND added.amount_minor > 0 AND NOT EXISTS (
      SELECT FROM item
      WHERE item.item_id = added.item_id AND added.line_id IS NULL AND (
        item.item_id = undoing.reverses
        OR item.kind IN ('surplus', 'part_payment') AND EXISTS (
          SELECT FROM allocation AS undone JOIN money USING (money_id)
          WHERE undone.group_id = undoing.reverses
            AND (item.money_id = money.money_id OR item.request_id = money.request_id))))
  ) THEN
    RAISE EXCEPTION 'a match is undone by taking back what it took'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reversals_negate AFTER INSERT ON allocation
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reversals_negate();

-- Checked at commit: all of it.
CREATE FUNCTION reversal_is_whole() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT line_id, item_id, money_id, amount_minor FROM allocation WHERE group_id = NEW.reverses
    EXCEPT ALL
    SELECT line_id, item_id, money_id, -amount_minor FROM allocation WHERE group_id = NEW.group_id
  ) THEN
    RAISE EXCEPTION 'a match is undone as a whole' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reversal_is_whole AFTER INSERT ON match_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses IS NOT NULL)
  EXECUTE FUNCTION reversal_is_whole();

REVOKE EXECUTE ON FUNCTION reversals_negate, reversal_is_whole FROM PUBLIC;
