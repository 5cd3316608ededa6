-- An order of people to the bank is what its act makes of its match, whose id it bears. What is
-- handed over is a credit, or surplus of the account that the transfer leaves.
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
          WHEN 'debit' THEN NEW.account_id = coalesce(line.account_id,
            CASE source.kind WHEN 'surplus' THEN source.account_id END)
          ELSE NEW.unit_id = source.unit_id AND source.kind = 'due' END
        END) THEN
    RAISE EXCEPTION 'money is ordered away by two people'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
