-- Checked at commit: without people a match is undone only for a return that the statement shows.
-- Each line given back is taken whole by the run's own pairing with a line that goes the other way.
CREATE FUNCTION return_is_seen() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM allocation WHERE group_id = NEW.group_id AND line_id IS NOT NULL
  ) OR EXISTS (
    SELECT FROM allocation JOIN statement_line AS line USING (line_id)
    WHERE allocation.group_id = NEW.group_id AND NOT EXISTS (
      SELECT FROM match_group AS paired
      JOIN allocation AS whole ON whole.group_id = paired.group_id
        AND whole.line_id = line.line_id AND whole.amount_minor = line.amount_minor
      JOIN allocation AS taken ON taken.group_id = paired.group_id
        AND taken.amount_minor = line.amount_minor
      JOIN statement_line AS opposite ON opposite.line_id = taken.line_id
        AND opposite.account_id = line.account_id AND opposite.direction <> line.direction
      WHERE paired.run_id = NEW.run_id AND paired.pass_name = 'reversals'
        AND paired.reverses IS NULL)
  ) THEN
    RAISE EXCEPTION 'a match is undone by two people, or by a return that a statement shows'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER return_is_seen AFTER INSERT ON match_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.reverses IS NOT NULL AND NEW.evidence_class <> 'E')
  EXECUTE FUNCTION return_is_seen();

-- The other half of `order_is_approved`: what the act makes of its match is there, for all of it.
CREATE FUNCTION match_has_its_order() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM match_group
    WHERE group_id = NEW.group_id AND reverses IS NULL
      AND pass_name IN ('refund_ordered', 'move_to_unit', 'book_as_charge') AND NOT EXISTS (
      SELECT FROM item JOIN allocation AS taken ON taken.group_id = item.item_id
      WHERE item.item_id = NEW.group_id AND item.amount_minor = taken.amount_minor
        AND (pass_name, item.kind) IN (
          ('refund_ordered', 'refund'), ('move_to_unit', 'unit_transfer'),
          ('book_as_charge', 'cost_top_up'), ('book_as_charge', 'interest')))
  ) THEN
    RAISE EXCEPTION 'what is taken is ordered, or asked for, in the same act'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER match_has_its_order AFTER INSERT ON resolved_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION match_has_its_order();

REVOKE EXECUTE ON FUNCTION return_is_seen, match_has_its_order FROM PUBLIC;
