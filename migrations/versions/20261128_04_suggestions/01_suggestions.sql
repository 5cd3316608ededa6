-- What the newest run of an account group proposes for its open lines. Derived: the next run takes
-- its place, and what people did with it stands in their own records.
CREATE TABLE suggestion (
  line_id uuid NOT NULL,
  rank smallint NOT NULL CHECK (rank > 0),
  item_id uuid NOT NULL,
  break_id uuid NOT NULL REFERENCES break_case,
  run_id uuid NOT NULL REFERENCES run,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  evidence_class text NOT NULL CHECK (evidence_class IN ('C', 'D')),
  amount_minor amount_minor NOT NULL CHECK (amount_minor > 0),
  line_version integer NOT NULL,
  item_version integer NOT NULL,
  criteria jsonb NOT NULL,
  PRIMARY KEY (line_id, rank, item_id)
);
CREATE INDEX suggestion_item ON suggestion (item_id);
CREATE INDEX suggestion_run ON suggestion (run_id);
COMMENT ON TABLE suggestion IS
  'Holds while line and item have these versions. Lines and items are never deleted and are looked
   at by a trigger: a foreign key would lock them out of order while a night writes.';

CREATE FUNCTION suggestion_is_of_its_break() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added
    JOIN break_case AS broken ON broken.break_id = added.break_id
    JOIN run ON run.run_id = added.run_id
    LEFT JOIN statement_line AS line ON line.line_id = added.line_id
    LEFT JOIN collection_account AS account ON account.account_id = line.account_id
    LEFT JOIN item ON item.item_id = added.item_id
    WHERE (broken.line_id = added.line_id AND line.direction = 'credit' AND item.kind = 'due'
           AND item.unit_id = account.unit_id AND item.account_group_id = line.account_group_id
           AND run.account_group_id = line.account_group_id) IS NOT TRUE
  ) THEN
    RAISE EXCEPTION 'a suggestion is about the line of its break and a due of the same unit'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER suggestion_is_of_its_break AFTER INSERT ON suggestion
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION suggestion_is_of_its_break();

GRANT SELECT, INSERT, DELETE ON suggestion TO payment_service_application;
-- Triggers fire without this right; with it, a trigger on a temporary table would lend the owner's.
REVOKE EXECUTE ON FUNCTION suggestion_is_of_its_break() FROM PUBLIC;
