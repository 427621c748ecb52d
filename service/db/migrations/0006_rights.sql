-- Rights of the person: what was changed stays to be seen, and what is no longer needed goes.

CREATE TABLE statement_history (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    kind text NOT NULL,
    text text NOT NULL,
    until timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL
);
CREATE INDEX statement_history_seeker ON statement_history (seeker_id, until);
COMMENT ON TABLE statement_history IS 'sentences that were in a profile before';

-- At the end of the transaction, since an import takes all sentences out and puts those that stayed back in.
CREATE FUNCTION remember_statement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO statement_history (seeker_id, kind, text, changed_by)
    SELECT old.seeker_id, old.kind, old.text, coalesce((SELECT name FROM app_user WHERE id = passend_user_id()), 'operator')
    WHERE EXISTS (SELECT FROM seeker WHERE id = old.seeker_id)
        AND NOT EXISTS (SELECT FROM statement WHERE (seeker_id, kind, text) = (old.seeker_id, old.kind, old.text));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER remember_statement AFTER UPDATE OR DELETE ON statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION remember_statement();

CREATE TABLE erasure (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    erased_at timestamptz NOT NULL DEFAULT now(),
    by_user uuid,
    by_name text NOT NULL
);
COMMENT ON TABLE erasure IS 'that someone was erased, when and by whom; not who';

CREATE FUNCTION note_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO erasure (organisation_id, by_user, by_name) VALUES (old.organisation_id, passend_user_id(),
        coalesce((SELECT name FROM app_user WHERE id = passend_user_id()), 'operator'));
    RETURN NULL;
END $$;
CREATE TRIGGER note_erasure AFTER DELETE ON seeker FOR EACH ROW EXECUTE FUNCTION note_erasure();

CREATE FUNCTION passend_candidate_runs(given text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*)::integer FROM receipt
    WHERE about = 'candidates' AND (pg_has_role(session_user, current_user, 'MEMBER') OR given = passend_user_seeker()
            OR EXISTS (SELECT FROM seeker WHERE id = given AND organisation_id = passend_user_organisation()))
        AND snapshots && (SELECT array_agg(digest) FROM snapshot WHERE kind = 'person' AND subject_id = given)
$$;
COMMENT ON FUNCTION passend_candidate_runs IS
    'in how many searches for a place this person was compared; for the person and their municipality';
GRANT EXECUTE ON FUNCTION passend_candidate_runs TO passend_app;

CREATE TABLE retention (
    category text PRIMARY KEY,
    keep interval NOT NULL CHECK (keep > '0')
);
COMMENT ON TABLE retention IS 'how long each kind of data is kept; what each means is in service/db/retention.py';
INSERT INTO retention VALUES
    ('receipt', '24 months'),
    ('closed_proposal', '24 months'),
    ('statement_history', '12 months'),
    ('person', '60 months'),
    ('resident_link', '1 month'),
    ('idempotency_key', '2 days');

GRANT SELECT ON statement_history, erasure, retention TO passend_app;
ALTER TABLE statement_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_person ON statement_history FOR SELECT TO passend_app
    USING (EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation_checks ON erasure FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) IN ('auditor', 'administrator'));
ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON retention FOR SELECT TO passend_app USING (true);
