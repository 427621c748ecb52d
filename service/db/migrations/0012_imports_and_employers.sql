-- Imports by users, for their own organisation; and what account managers keep of employers.

CREATE FUNCTION passend_may_import() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT CASE
            WHEN role = 'administrator' AND kind = 'municipality' THEN '{seekers,opportunities}'
            WHEN role = 'client_manager' THEN '{seekers}'
            WHEN role = 'account_manager' OR role = 'administrator' AND kind = 'wsp' THEN '{opportunities}'
            ELSE '{}' END::text[]
        FROM acting_user), '{}')
$$;
COMMENT ON FUNCTION passend_may_import IS 'what the acting user may take over from a file, for their own organisation';
GRANT EXECUTE ON FUNCTION passend_may_import TO passend_app;

ALTER TABLE import_job ADD COLUMN may_add text[] NOT NULL
    DEFAULT CASE WHEN passend_user_id() IS NULL THEN '{seekers,opportunities}' ELSE passend_may_import() END;
COMMENT ON COLUMN import_job.may_add IS
    'what rows of this job may be, by the role of who handed in the file: the job itself runs later, without a user';
CREATE INDEX import_job_organisation ON import_job (organisation_id, created_at, id);

-- A mapping counts for the organisation that saved it.
ALTER TABLE import_mapping ADD COLUMN organisation_id uuid REFERENCES organisation;
UPDATE import_mapping SET organisation_id = installation.organisation_id FROM installation;
ALTER TABLE import_mapping DROP CONSTRAINT import_mapping_pkey, ADD PRIMARY KEY (organisation_id, columns);

GRANT SELECT (id, organisation_id, file_name, request, form, mapping, columns, status, rows_total, rows_done, ignored, created_at,
    updated_at, finished_at, may_add),
    INSERT (organisation_id, file_name, source, request, form, mapping, columns, rows_total), UPDATE (updated_at), DELETE
    ON import_job TO passend_app;
GRANT SELECT ON import_row TO passend_app;
GRANT SELECT, INSERT, UPDATE (mapping, saved_at) ON import_mapping TO passend_app;

-- Whoever may do such an import sees it, with its rejected rows.
CREATE POLICY importers ON import_job TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND may_add <> '{}' AND may_add <@ (SELECT passend_may_import()));
CREATE POLICY with_the_job ON import_row FOR SELECT TO passend_app USING (
    EXISTS (SELECT FROM import_job WHERE import_job.id = job_id));
CREATE POLICY importers ON import_mapping TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_may_import()) <> '{}');

-- Employers, as account managers know them.
CREATE TABLE employer_relation (
    employer_id uuid PRIMARY KEY REFERENCES organisation ON DELETE CASCADE,
    contact_persons jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(contact_persons) = 'array'),
    support text[] NOT NULL DEFAULT '{}',
    agreements text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE employer_relation IS 'whom to call at an employer, what support they offer, and what was agreed';
INSERT INTO employer_relation (employer_id) SELECT id FROM organisation WHERE kind = 'employer';

CREATE FUNCTION begin_relation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO employer_relation (employer_id) VALUES (new.id);
    RETURN NULL;
END $$;
CREATE TRIGGER begin_relation AFTER INSERT ON organisation FOR EACH ROW WHEN (new.kind = 'employer')
    EXECUTE FUNCTION begin_relation();

GRANT SELECT, UPDATE (contact_persons, support, agreements, version, updated_at) ON employer_relation TO passend_app;
ALTER TABLE employer_relation ENABLE ROW LEVEL SECURITY;
CREATE POLICY account_manager_keeps ON employer_relation TO passend_app USING (
    (SELECT passend_user_role()) = 'account_manager'
    AND employer_id = ANY ((SELECT passend_region_organisations())::uuid[]));
CREATE POLICY account_manager_renames ON organisation FOR UPDATE TO passend_app USING (
    kind = 'employer' AND region_id = (SELECT passend_user_region()) AND (SELECT passend_user_role()) = 'account_manager');
