-- The same guards, called only for the rows that they would refuse or must look at.
DROP TRIGGER starts_whole ON item;
CREATE TRIGGER starts_whole BEFORE INSERT ON item
  FOR EACH ROW WHEN (NEW.residual_minor <> NEW.amount_minor) EXECUTE FUNCTION starts_whole();
DROP TRIGGER starts_whole ON statement_line;
CREATE TRIGGER starts_whole BEFORE INSERT ON statement_line
  FOR EACH ROW WHEN (NEW.residual_minor <> NEW.amount_minor) EXECUTE FUNCTION starts_whole();
DROP TRIGGER starts_unapplied ON money;
CREATE TRIGGER starts_unapplied BEFORE INSERT ON money
  FOR EACH ROW WHEN (NEW.applied_minor <> 0) EXECUTE FUNCTION starts_unapplied();
DROP TRIGGER starts_unapplied ON request_line;
CREATE TRIGGER starts_unapplied BEFORE INSERT ON request_line
  FOR EACH ROW WHEN (NEW.applied_minor <> 0) EXECUTE FUNCTION starts_unapplied();
DROP TRIGGER clerks_match_is_approved ON match_group;
CREATE CONSTRAINT TRIGGER clerks_match_is_approved AFTER INSERT ON match_group
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.evidence_class = 'E')
  EXECUTE FUNCTION clerks_match_is_approved();
