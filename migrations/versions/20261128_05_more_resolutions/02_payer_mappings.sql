-- Whom people know to pay for a dossier. Only ever a reason to look there first: the engine's passes
-- do not get this table.
CREATE TABLE payer_mapping (
  approval_id uuid PRIMARY KEY REFERENCES resolution,
  unit_id uuid NOT NULL REFERENCES unit,
  payer_account text NOT NULL CHECK (payer_account <> ''),
  dossier_code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  CHECK (valid_to BETWEEN valid_from AND valid_from + 366)
);
CREATE INDEX payer_mapping_account ON payer_mapping (payer_account, unit_id);

CREATE TABLE payer_mapping_revocation (
  approval_id uuid PRIMARY KEY REFERENCES payer_mapping,
  revoked_by uuid NOT NULL REFERENCES person,
  revoked_at timestamptz NOT NULL
);

-- Learned from one match, as the second person approved it; from no other account and dossier.
CREATE FUNCTION payer_mapping_is_approved() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM approval JOIN resolution USING (approval_id)
    JOIN resolution_part AS part USING (approval_id)
    JOIN statement_line AS line ON line.line_id = part.line_id
    JOIN item ON item.item_id = part.item_id
    JOIN payment_request AS request ON request.request_id = item.request_id
    WHERE approval_id = NEW.approval_id AND act = 'learn_payer' AND decision = 'approved'
      AND resolution.unit_id = NEW.unit_id AND item.unit_id = NEW.unit_id
      AND line.counterparty_account = NEW.payer_account
      AND request.dossier_code = NEW.dossier_code) THEN
    RAISE EXCEPTION 'a payer is known by the approval of a second person'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payer_mapping_is_approved BEFORE INSERT ON payer_mapping
  FOR EACH ROW EXECUTE FUNCTION payer_mapping_is_approved();
REVOKE EXECUTE ON FUNCTION payer_mapping_is_approved FROM PUBLIC;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['payer_mapping', 'payer_mapping_revocation']
  LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I
      FOR EACH ROW EXECUTE FUNCTION never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION never_changes()', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO payment_service_application', name);
  END LOOP;
END $$;
