-- The application works as a role that cannot rewrite the past.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'payment_service_application') THEN
    CREATE ROLE payment_service_application NOLOGIN;
    EXECUTE format('GRANT payment_service_application TO %I', current_user);
  ELSIF NOT pg_has_role(current_user, 'payment_service_application', 'MEMBER') THEN
    -- An owner that did not create the role may not grant it: an administrator does so before.
    EXECUTE format('GRANT payment_service_application TO %I', current_user);
  END IF;
END $$;

GRANT USAGE ON SCHEMA public TO payment_service_application;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO payment_service_application;
GRANT UPDATE (cancelled_at, cancelled_reason, version) ON payment_request
  TO payment_service_application;
GRANT UPDATE (is_cancelled, version) ON item TO payment_service_application;
GRANT UPDATE (version) ON statement_line TO payment_service_application;
GRANT UPDATE (decision, decided_by, decided_at) ON approval TO payment_service_application;
GRANT UPDATE (state) ON collection_account TO payment_service_application;
GRANT UPDATE (verdict, reason_code, details, confirmed_by, confirmed_at, admitted_at) ON statement
  TO payment_service_application;
GRANT UPDATE (closed_at, closed_reason) ON break_case TO payment_service_application;
GRANT UPDATE (valid_to) ON endpoint_key TO payment_service_application;
GRANT UPDATE (revoked_at) ON api_client TO payment_service_application;
GRANT UPDATE (last_seen_at) ON staff_session TO payment_service_application;
GRANT DELETE ON staff_session, login_attempt TO payment_service_application;
GRANT UPDATE (fence, started_at, finished_at, report) ON night TO payment_service_application;
REVOKE INSERT ON business_day FROM payment_service_application;
GRANT INSERT (book, day) ON business_day TO payment_service_application;
REVOKE INSERT ON alembic_version FROM payment_service_application;

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
