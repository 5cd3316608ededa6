-- Money that people took off a request again: the payment is real, what it was taken for was not.
CREATE TABLE money_retraction (
  money_id uuid PRIMARY KEY REFERENCES money,
  group_id uuid NOT NULL REFERENCES resolved_group
);

CREATE FUNCTION retraction_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM match_group AS undoing
    JOIN resolved_group USING (group_id)
    JOIN allocation AS undone ON undone.group_id = undoing.reverses
    JOIN money ON money.money_id = undone.money_id
    WHERE undoing.group_id = NEW.group_id AND undone.money_id = NEW.money_id
      AND money.kind = 'bank_line' AND money.applied_minor = 0
  ) THEN
    RAISE EXCEPTION 'money is taken off a request by undoing its match'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retraction_is_approved BEFORE INSERT ON money_retraction
  FOR EACH ROW EXECUTE FUNCTION retraction_is_approved();

CREATE OR REPLACE VIEW money_fact AS
SELECT
  money.money_id, money.request_id, money.unit_id, money.kind, money.amount_minor,
  money.applied_minor, money.paid_at, money.provider_transaction, money.account_id,
  money.endpoint_id,
  money.kind IN ('gateway_notice', 'bank_notice') AS is_notified,
  report_line.report_id IS NOT NULL AS is_reported,
  CASE money.kind
    WHEN 'bank_line' THEN true
    WHEN 'bank_notice' THEN coalesce(notice.residual_minor = 0, false)
    WHEN 'returned' THEN false
    ELSE report_line.gross_minor IS NOT DISTINCT FROM money.amount_minor
      AND coalesce(payout.residual_minor, 0) = 0
  END AS is_collected
FROM money
LEFT JOIN settlement_report_line AS report_line
  ON report_line.money_id = money.money_id AND report_line.kind = 'payment'
LEFT JOIN item AS payout ON payout.report_id = report_line.report_id AND payout.kind = 'payout'
LEFT JOIN item AS notice ON notice.money_id = money.money_id AND notice.kind = 'bank_notice'
WHERE NOT EXISTS (SELECT FROM money_retraction AS retraction
                  WHERE retraction.money_id = money.money_id);

-- What people took apart, only people put together again: the nights get such lines without the
-- words that would tie them to what they were taken off.
CREATE VIEW line_taken_apart AS
SELECT line.line_id, line.account_group_id, bool_or(item.kind = 'due') IS TRUE AS is_of_due,
  bool_or(undone.item_id IS NULL) AS is_of_line
FROM resolved_group
JOIN match_group AS undoing USING (group_id)
JOIN match_group AS before ON before.group_id = undoing.reverses
JOIN allocation AS undone ON undone.group_id = before.group_id
JOIN statement_line AS line ON line.line_id = undone.line_id AND line.residual_minor > 0
LEFT JOIN item ON item.item_id = undone.item_id
WHERE item.kind = 'due' OR (undone.item_id IS NULL AND before.pass_name IN (
  'reversals', 'pair_lines'))
GROUP BY line.line_id, line.account_group_id;
GRANT SELECT ON line_taken_apart TO payment_service_application;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'resolution', 'resolution_part', 'resolved_group', 'money_retraction']
  LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I
      FOR EACH ROW EXECUTE FUNCTION never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION never_changes()', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO payment_service_application', name);
  END LOOP;
END $$;

-- Triggers fire without this right; with it, a trigger on a temporary table would lend the owner's.
DO $$
DECLARE
  routine regprocedure;
BEGIN
  FOR routine IN
    SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
  END LOOP;
END $$;
