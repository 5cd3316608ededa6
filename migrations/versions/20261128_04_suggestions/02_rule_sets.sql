-- A rule set is named by the hash of its canonical JSON: sorted keys, no spaces. Whoever doubts a
-- run can rely on the stored rules being those it names, and on nobody having taken them away.
CREATE FUNCTION canonical_json(value jsonb) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'object' THEN (
      SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || public.canonical_json(part), ','
                                        ORDER BY key COLLATE "C"), '') || '}'
      FROM jsonb_each(value) AS member (key, part))
    WHEN 'array' THEN (
      SELECT '[' || coalesce(string_agg(public.canonical_json(part), ',' ORDER BY place), '') || ']'
      FROM jsonb_array_elements(value) WITH ORDINALITY AS element (part, place))
    ELSE value::text
  END;
END $$;
ALTER TABLE rule_set ADD CHECK (
  ruleset_sha256 = sha256(convert_to(canonical_json(body), 'UTF8')) AND body ->> 'version' = version);

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON rule_set
  FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON rule_set
  FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
