-- Plans, contact and signals; what was surfaced to whom; the log of processing. The person's client managers and the person see plans
-- and contact, and an auditor checks them; nobody else.

CREATE TABLE plan (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    starts_on date NOT NULL,
    ends_on date CHECK (ends_on >= starts_on),
    goals jsonb NOT NULL CHECK (jsonb_typeof(goals) = 'array'),
    created_by uuid DEFAULT passend_user_id() REFERENCES app_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX plan_under_way ON plan (seeker_id) WHERE ends_on IS NULL;
CREATE INDEX plan_seeker ON plan (seeker_id, created_at, id);
COMMENT ON COLUMN plan.ends_on IS 'null: under way; someone has at most one of those';
COMMENT ON COLUMN plan.goals IS 'goals in their order, each with its steps: read and written as one document, so that two editors notice each other';

CREATE TABLE plan_history (
    plan_id uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    version integer NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    goals jsonb NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (plan_id, version)
);
COMMENT ON TABLE plan_history IS 'every version of a plan, the present one included; only ever added to';

CREATE FUNCTION keep_plan_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO plan_history VALUES (new.id, new.version, new.starts_on, new.ends_on, new.goals, passend_user_id(), now());
    RETURN new;
END $$;
CREATE TRIGGER keep_plan_version AFTER INSERT OR UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION keep_plan_version();

CREATE TABLE contact_moment (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('conversation', 'telephone', 'message', 'visit', 'at_employer', 'group')),
    note text NOT NULL DEFAULT '',
    created_by uuid DEFAULT passend_user_id() REFERENCES app_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX contact_moment_seeker ON contact_moment (seeker_id, at DESC, id);

CREATE TABLE school_leaving (
    seeker_id text PRIMARY KEY REFERENCES seeker ON DELETE CASCADE,
    leaves_on date NOT NULL
);
COMMENT ON TABLE school_leaving IS 'when a young person is expected to leave school; kept apart from the profile, so that no ranking can use it';

CREATE TABLE signal_setting (
    organisation_id uuid PRIMARY KEY REFERENCES organisation,
    contact_weeks smallint NOT NULL DEFAULT 8 CHECK (contact_weeks BETWEEN 1 AND 104),
    match_weeks smallint NOT NULL DEFAULT 4 CHECK (match_weeks BETWEEN 1 AND 104),
    school_weeks smallint NOT NULL DEFAULT 26 CHECK (school_weeks BETWEEN 1 AND 104),
    version integer NOT NULL DEFAULT 1
);
COMMENT ON TABLE signal_setting IS 'after how many weeks a municipality wants to be told; without a row the defaults count';

-- Surfacing: which place came up for which person, from which side, per quarter. Made from receipts, so that nobody forgets to.
CREATE TABLE surfacing (
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    opportunity_id text NOT NULL REFERENCES opportunity ON DELETE CASCADE,
    about text NOT NULL CHECK (about IN ('matches', 'candidates')),
    quarter date NOT NULL,
    first_at timestamptz NOT NULL,
    PRIMARY KEY (seeker_id, opportunity_id, about, quarter)
);
CREATE INDEX surfacing_opportunity ON surfacing (opportunity_id);

CREATE FUNCTION quarter_of(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
    RETURN date_trunc('quarter', moment AT TIME ZONE 'Europe/Amsterdam')::date;

CREATE FUNCTION surface() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO surfacing
    SELECT seeker.id, opportunity.id, new.about, quarter_of(new.made_at), new.made_at
    FROM jsonb_array_elements(CASE new.about WHEN 'matches' THEN new.result->'matches' ELSE new.result->'candidates' END) AS listed (item)
    JOIN seeker ON seeker.id = CASE new.about WHEN 'matches' THEN new.subject_id ELSE item->>'seeker' END
    JOIN opportunity ON opportunity.id = CASE new.about WHEN 'matches' THEN item->>'id' ELSE new.subject_id END
    WHERE (item->>'fits')::boolean
    ORDER BY seeker.id, opportunity.id
    ON CONFLICT DO NOTHING;
    RETURN new;
END $$;
CREATE TRIGGER surface AFTER INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION surface();

-- The processing log, in the shape of the Dutch standard Logboek Dataverwerkingen: one record per person whose data was used ---------------

ALTER TABLE organisation ADD COLUMN processing_register text NOT NULL DEFAULT 'urn:passend:verwerking:'
    CHECK (processing_register ~ '^(https?://|urn:)');
COMMENT ON COLUMN organisation.processing_register IS 'begin of the addresses of activities in the own register of processing activities';

CREATE TABLE processing_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
);
INSERT INTO processing_key DEFAULT VALUES;
ALTER TABLE processing_key ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE processing_key IS 'makes codes in the processing log unreadable; nobody but the owner may read it';

CREATE TABLE processing_log (
    number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    trace_id bytea NOT NULL CHECK (length(trace_id) = 16),
    span_id bytea NOT NULL CHECK (length(span_id) = 8),
    parent_span_id bytea CHECK (length(parent_span_id) = 8),
    status text NOT NULL CHECK (status IN ('Unset', 'Ok', 'Error')),
    name text NOT NULL CHECK (name <> ''),
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL CHECK (end_time >= start_time),
    resource jsonb NOT NULL,
    attributes jsonb NOT NULL CHECK (attributes ?& ARRAY[
        'dpl.core.processing_activity_id', 'dpl.core.data_subject_id', 'dpl.core.data_subject_id_type']),
    organisation_id uuid NOT NULL,
    user_id uuid
);
CREATE INDEX processing_log_organisation ON processing_log (organisation_id, number);
CREATE INDEX processing_log_subject ON processing_log ((attributes->>'dpl.core.data_subject_id'), number);
COMMENT ON TABLE processing_log IS 'Logboek Dataverwerkingen; only ever added to, until the retention period is over';
COMMENT ON COLUMN processing_log.organisation_id IS 'the municipality of the person: the controller. No keys: a record stays when a user or an organisation goes';
COMMENT ON COLUMN processing_log.user_id IS 'who did it; null: the operator, on the machine itself';

-- Without the key of this installation nobody can tell whose record it is; both digests are keyed, so that a code cannot be guessed.
CREATE FUNCTION data_subject(seeker_id text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(key || sha256(key || convert_to(seeker_id, 'UTF8'))), 'hex') FROM processing_key
$$;

CREATE FUNCTION log_processing(
    given_trace bytea, given_span bytea, given_parent bytea, activity text, given_name text, began timestamptz, engine text, seekers text[]
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO processing_log (trace_id, span_id, parent_span_id, status, name, start_time, end_time, resource, attributes,
        organisation_id, user_id)
    SELECT given_trace, given_span, given_parent, 'Ok', given_name, least(began, clock_timestamp()), clock_timestamp(),
        jsonb_build_object('attributes', jsonb_build_object('service.name', 'passend', 'service.version', engine)),
        jsonb_build_object('dpl.core.processing_activity_id', processing_register || activity, 'dpl.core.data_subject_id', data_subject(seeker.id),
            'dpl.core.data_subject_id_type', 'passend'),
        seeker.organisation_id, passend_user_id()
    FROM seeker JOIN organisation ON organisation.id = seeker.organisation_id WHERE seeker.id = ANY (seekers)
$$;
COMMENT ON FUNCTION log_processing IS 'one record for each person; the only way in for the application';

CREATE FUNCTION visible_data_subject(given_seeker text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT data_subject(given_seeker) WHERE passend_user_role() = 'auditor' OR given_seeker = passend_user_seeker()
$$;

CREATE FUNCTION own_data_subject() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT data_subject(passend_user_seeker())';

CREATE FUNCTION stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = format('%s is only ever added to', TG_TABLE_NAME);
END $$;
CREATE TRIGGER stays_as_written BEFORE UPDATE ON processing_log FOR EACH ROW EXECUTE FUNCTION stays_as_written();
CREATE TRIGGER stays_as_written BEFORE UPDATE ON plan_history FOR EACH ROW EXECUTE FUNCTION stays_as_written();

CREATE TABLE IF NOT EXISTS idempotency_key (
    user_id uuid NOT NULL DEFAULT passend_user_id() REFERENCES app_user ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    request bytea NOT NULL,
    resource text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
GRANT SELECT, INSERT (key, request, resource) ON idempotency_key TO passend_app;
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own ON idempotency_key;
CREATE POLICY own ON idempotency_key TO passend_app USING (user_id = (SELECT passend_user_id()));

-- What may be touched -------------------------------------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION quarter_of, log_processing, visible_data_subject, own_data_subject TO passend_app;
GRANT SELECT, INSERT (id, seeker_id, starts_on, ends_on, goals), UPDATE (starts_on, ends_on, goals, version, updated_at) ON plan TO passend_app;
GRANT SELECT ON plan_history, surfacing, processing_log TO passend_app;
GRANT SELECT, INSERT (id, seeker_id, at, kind, note), UPDATE (at, kind, note, version, updated_at) ON contact_moment TO passend_app;
GRANT SELECT, INSERT, UPDATE (leaves_on), DELETE ON school_leaving TO passend_app;
GRANT SELECT, INSERT, UPDATE ON signal_setting TO passend_app;
GRANT UPDATE (processing_register) ON organisation TO passend_app;

ALTER TABLE plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY client_manager_writes ON plan TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY auditor_reads ON plan FOR SELECT TO passend_app USING (
    (SELECT passend_user_role()) = 'auditor' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY resident_reads ON plan FOR SELECT TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));

ALTER TABLE plan_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_plan ON plan_history FOR SELECT TO passend_app USING (EXISTS (SELECT FROM plan WHERE plan.id = plan_id));

ALTER TABLE contact_moment ENABLE ROW LEVEL SECURITY;
CREATE POLICY client_manager_writes ON contact_moment TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY auditor_reads ON contact_moment FOR SELECT TO passend_app USING (
    (SELECT passend_user_role()) = 'auditor' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY resident_reads ON contact_moment FOR SELECT TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));

ALTER TABLE school_leaving ENABLE ROW LEVEL SECURITY;
CREATE POLICY client_manager_writes ON school_leaving TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY auditor_reads ON school_leaving FOR SELECT TO passend_app USING (
    (SELECT passend_user_role()) = 'auditor' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY resident_reads ON school_leaving FOR SELECT TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));

ALTER TABLE signal_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation_reads ON signal_setting FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation())
    AND (SELECT passend_user_role()) IN ('client_manager', 'administrator', 'auditor'));
CREATE POLICY administrator_writes ON signal_setting TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'administrator');

ALTER TABLE surfacing ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_municipality_reads ON surfacing FOR SELECT TO passend_app USING (
    (SELECT passend_user_role()) IN ('client_manager', 'administrator', 'auditor')
    AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));

ALTER TABLE processing_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY auditor_reads ON processing_log FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'auditor');
CREATE POLICY resident_reads ON processing_log FOR SELECT TO passend_app USING (
    attributes->>'dpl.core.data_subject_id' = (SELECT own_data_subject()));
