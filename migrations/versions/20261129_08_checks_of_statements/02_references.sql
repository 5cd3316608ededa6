-- A foreign key looks up and locks its row once for each row that refers to it: half of what a
-- match cost. These are looked up once a statement instead. What a foreign key proves beyond that,
-- that the row stays, follows from nobody deleting or renaming such rows, not even the owner.
CREATE FUNCTION stays_as_referred_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % stay, and keep what they are known by', TG_TABLE_NAME
    USING ERRCODE = 'foreign_key_violation';
END $$;

CREATE TEMPORARY TABLE reference (child, child_key, parent, parent_key) ON COMMIT DROP AS VALUES
  ('statement_line', 'statement_id', 'statement', 'statement_id'),
  ('statement_line', 'account_id', 'collection_account', 'account_id'),
  ('statement_line', 'account_group_id', 'account_group', 'account_group_id'),
  ('money', 'unit_id', 'unit', 'unit_id'),
  ('money', 'account_id', 'collection_account', 'account_id'),
  ('money', 'request_id', 'payment_request', 'request_id'),
  ('application', 'money_id', 'money', 'money_id'),
  ('application', 'request_id', 'payment_request', 'request_id'),
  ('application', 'line_id', 'request_line', 'line_id'),
  ('match_group', 'account_group_id', 'account_group', 'account_group_id'),
  ('match_group', 'run_id', 'run', 'run_id'),
  ('allocation', 'group_id', 'match_group', 'group_id'),
  ('allocation', 'line_id', 'statement_line', 'line_id'),
  ('allocation', 'item_id', 'item', 'item_id'),
  ('allocation', 'money_id', 'money', 'money_id');

DO $do$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT child, child || '_refers_to_known' AS name, string_agg(format(
      '%I IS NOT NULL AND (SELECT true FROM %I AS known WHERE known.%I = added.%I) IS NULL',
      child_key, parent, parent_key, child_key), ' OR ') AS is_unknown
    FROM reference GROUP BY child
  LOOP
    EXECUTE format($$
CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp SET enable_seqscan = off AS $body$
BEGIN
  IF EXISTS (SELECT FROM added WHERE %s) THEN
    RAISE EXCEPTION '%% refers to what is not there', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $body$;
REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC;
CREATE TRIGGER added_refers_to_known AFTER INSERT ON %I
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION %I();
$$, rule.name, rule.is_unknown, rule.name, rule.child, rule.name);
  END LOOP;
  FOR rule IN SELECT * FROM reference LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I',
      rule.child, rule.child || '_' || rule.child_key || '_fkey');
  END LOOP;
  FOR rule IN SELECT DISTINCT parent AS name, parent_key AS key FROM reference LOOP
    EXECUTE format('CREATE TRIGGER stays BEFORE DELETE OR UPDATE OF %I ON %I
      FOR EACH ROW EXECUTE FUNCTION stays_as_referred_to()', rule.key, rule.name);
    EXECUTE format('CREATE TRIGGER stays_whole BEFORE TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION stays_as_referred_to()', rule.name);
  END LOOP;
  FOR rule IN SELECT child AS name, string_agg(quote_ident(child_key), ', ') AS keys
    FROM reference GROUP BY child LOOP
    EXECUTE format('CREATE TRIGGER keeps_its_references BEFORE UPDATE OF %s ON %I
      FOR EACH ROW EXECUTE FUNCTION stays_as_referred_to()', rule.keys, rule.name);
  END LOOP;
END $do$;
