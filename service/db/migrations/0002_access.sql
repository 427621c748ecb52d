-- Organisations, users, and what each may see. Web requests come in as passend_app and indexes as passend_engine; both own nothing,
-- so the policies below decide. The owner is not bound by them: it migrates, and works for the operator on the machine itself.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['passend_app', 'passend_engine'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles are shared by all databases of a server: another one made it at the same moment
        END;
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO passend_app, passend_engine;

-- Who there are ------------------------------------------------------------------------------------------------------------------

CREATE TABLE labour_market_region (
    id text PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO labour_market_region VALUES ('onbekend', 'Onbekend');

CREATE TABLE organisation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('municipality', 'wsp', 'employer')),
    name text NOT NULL CHECK (name <> ''),
    region_id text NOT NULL REFERENCES labour_market_region,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (region_id, kind, name)
);
COMMENT ON COLUMN organisation.kind IS 'wsp: werkgeversservicepunt, the desk for employers of a region';

ALTER TABLE installation ADD COLUMN organisation_id uuid REFERENCES organisation;
WITH own AS (INSERT INTO organisation (kind, name, region_id) VALUES ('municipality', 'Eigen gemeente', 'onbekend') RETURNING id)
UPDATE installation SET organisation_id = own.id FROM own;
ALTER TABLE installation ALTER COLUMN organisation_id SET NOT NULL;
COMMENT ON COLUMN installation.organisation_id IS 'the municipality of imports that name none';

CREATE TABLE app_user (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    seeker_id text UNIQUE REFERENCES seeker ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    email text,
    password_hash text,
    oidc_subject text UNIQUE,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX app_user_email ON app_user (lower(email));
CREATE INDEX app_user_organisation ON app_user (organisation_id);
COMMENT ON COLUMN app_user.seeker_id IS 'the person that a resident is';
COMMENT ON COLUMN app_user.oidc_subject IS 'issuer and subject, separated by a space';

CREATE TABLE user_role (
    user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('client_manager', 'account_manager', 'employer', 'resident', 'administrator', 'auditor')),
    PRIMARY KEY (user_id, role)
);

CREATE FUNCTION role_fits(kind text, is_resident boolean, role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT is_resident = (role = 'resident') AND CASE kind
        WHEN 'municipality' THEN role <> 'employer'
        WHEN 'wsp' THEN role IN ('account_manager', 'administrator', 'auditor')
        ELSE role IN ('employer', 'administrator') END
$$;

CREATE FUNCTION role_fits_organisation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (
        SELECT role_fits(organisation.kind, seeker_id IS NOT NULL, new.role)
        FROM app_user JOIN organisation ON organisation.id = organisation_id WHERE app_user.id = new.user_id
    ) THEN
        RAISE check_violation USING MESSAGE = format('the role %s does not go with the organisation of this user', new.role);
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER role_fits_organisation BEFORE INSERT OR UPDATE ON user_role FOR EACH ROW EXECUTE FUNCTION role_fits_organisation();

CREATE FUNCTION stays_where_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'a user keeps their organisation; an organisation keeps its kind and region';
END $$;
CREATE TRIGGER user_stays BEFORE UPDATE OF organisation_id, seeker_id ON app_user FOR EACH ROW
    WHEN ((old.organisation_id, old.seeker_id) IS DISTINCT FROM (new.organisation_id, new.seeker_id))
    EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER organisation_stays BEFORE UPDATE OF kind, region_id ON organisation FOR EACH ROW
    WHEN ((old.kind, old.region_id) IS DISTINCT FROM (new.kind, new.region_id) AND old.region_id <> 'onbekend')
    EXECUTE FUNCTION stays_where_it_is();

-- For whom this transaction acts: the user and role it was given, as far as the user really has that role ---------------------------

CREATE VIEW acting_user AS
SELECT app_user.id, user_role.role, app_user.organisation_id, app_user.seeker_id, organisation.kind, organisation.region_id
FROM app_user
JOIN user_role ON user_role.user_id = app_user.id
JOIN organisation ON organisation.id = app_user.organisation_id
WHERE app_user.active
  AND app_user.id = nullif(current_setting('passend.user_id', true), '')::uuid
  AND user_role.role = current_setting('passend.role', true);

CREATE FUNCTION passend_user_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT id FROM acting_user';
CREATE FUNCTION passend_user_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT role FROM acting_user';
CREATE FUNCTION passend_user_organisation() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organisation_id FROM acting_user';
CREATE FUNCTION passend_user_kind() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT kind FROM acting_user';
CREATE FUNCTION passend_user_region() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT region_id FROM acting_user';
CREATE FUNCTION passend_user_seeker() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT seeker_id FROM acting_user WHERE role = ''resident''';
CREATE FUNCTION passend_region_organisations() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT array_agg(organisation.id) FROM organisation JOIN acting_user USING (region_id)';
COMMENT ON FUNCTION passend_region_organisations IS 'in policies as = ANY ((SELECT …)::uuid[]), so that it is asked once a query';
GRANT EXECUTE ON FUNCTION passend_user_id, passend_user_role, passend_user_organisation, passend_user_kind, passend_user_region,
    passend_user_seeker, passend_region_organisations TO passend_app;

-- Whose people and places -------------------------------------------------------------------------------------------------------

ALTER TABLE seeker
    ADD COLUMN organisation_id uuid REFERENCES organisation,
    ADD COLUMN client_manager_id uuid REFERENCES app_user ON DELETE SET NULL,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
UPDATE seeker SET organisation_id = installation.organisation_id FROM installation;
ALTER TABLE seeker ALTER COLUMN organisation_id SET NOT NULL;
CREATE INDEX seeker_organisation ON seeker (organisation_id, client_manager_id);
COMMENT ON COLUMN seeker.organisation_id IS 'the municipality';
COMMENT ON COLUMN seeker.version IS 'one more at each change, so that two editors notice each other (ETag)';

CREATE TABLE seeker_identity (
    seeker_id text PRIMARY KEY REFERENCES seeker ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    contact text NOT NULL DEFAULT ''
);
COMMENT ON TABLE seeker_identity IS 'who a person is; everything else knows people by code';

ALTER TABLE opportunity
    ADD COLUMN organisation_id uuid REFERENCES organisation,
    ADD COLUMN employer_id uuid REFERENCES organisation,
    ADD COLUMN status text NOT NULL DEFAULT 'open' CHECK (status IN ('draft', 'open', 'closed')),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
UPDATE opportunity SET organisation_id = installation.organisation_id FROM installation;
ALTER TABLE opportunity ALTER COLUMN organisation_id SET NOT NULL;
CREATE INDEX opportunity_organisation ON opportunity (organisation_id);
CREATE INDEX opportunity_employer ON opportunity (employer_id);
COMMENT ON COLUMN opportunity.organisation_id IS 'who keeps this place up to date: a municipality, a WSP or the employer';
COMMENT ON COLUMN opportunity.employer_id IS 'the employer, where that is an organisation here';

-- No keys on user and organisation: a receipt stays as it is, also when those are gone.
ALTER TABLE receipt
    ADD COLUMN user_id uuid DEFAULT passend_user_id(),
    ADD COLUMN organisation_id uuid DEFAULT passend_user_organisation();
UPDATE receipt SET organisation_id = installation.organisation_id FROM installation;
CREATE INDEX receipt_organisation ON receipt (organisation_id, made_at);
COMMENT ON COLUMN receipt.user_id IS 'who asked; null: the operator, on the machine itself';

-- Signing in --------------------------------------------------------------------------------------------------------------------

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL,
    role text NOT NULL,
    csrf text NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (user_id, role) REFERENCES user_role ON DELETE CASCADE
);
CREATE INDEX session_of_user ON session (user_id);

CREATE FUNCTION new_password_ends_sessions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM session WHERE user_id = new.id;
    RETURN NULL;
END $$;
CREATE TRIGGER new_password_ends_sessions AFTER UPDATE OF password_hash, active ON app_user FOR EACH ROW
    WHEN (old.password_hash IS DISTINCT FROM new.password_hash OR NOT new.active)
    EXECUTE FUNCTION new_password_ends_sessions();

CREATE TABLE api_token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL DEFAULT passend_user_id(),
    role text NOT NULL DEFAULT passend_user_role(),
    name text NOT NULL CHECK (name <> ''),
    token_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    FOREIGN KEY (user_id, role) REFERENCES user_role ON DELETE CASCADE
);
CREATE INDEX api_token_of_user ON api_token (user_id);

CREATE TABLE resident_link (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    code_hash bytea NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    created_by uuid DEFAULT passend_user_id() REFERENCES app_user ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX resident_link_seeker ON resident_link (seeker_id);

CREATE TABLE sign_in_attempt (
    account bytea PRIMARY KEY,
    attempts integer NOT NULL,
    locked_until timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_at);
COMMENT ON TABLE sign_in_attempt IS 'by digest of the e-mail address, known or not, so that an answer does not tell who has an account';

CREATE TABLE oidc_attempt (
    state_hash bytea PRIMARY KEY,
    nonce text NOT NULL,
    verifier text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- The doors: the few things that are done before it is known for whom ----------------------------------------------------------------

CREATE FUNCTION passend_credentials(given_email text, OUT user_id uuid, OUT password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, password_hash FROM app_user WHERE lower(email) = lower(given_email) AND active AND password_hash IS NOT NULL
$$;

CREATE FUNCTION passend_own_password() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT password_hash FROM app_user WHERE id = passend_user_id()';
CREATE FUNCTION passend_change_password(given_hash text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS 'UPDATE app_user SET password_hash = given_hash WHERE id = passend_user_id()';

CREATE FUNCTION passend_count_attempt(given_account bytea, free integer, first_wait interval, longest_wait interval) RETURNS interval
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE now_is timestamptz := clock_timestamp(); counted sign_in_attempt;
BEGIN
    DELETE FROM sign_in_attempt WHERE last_at < now_is - interval '1 day';
    INSERT INTO sign_in_attempt AS known VALUES (given_account, 0, now_is, now_is)
        ON CONFLICT (account) DO UPDATE SET last_at = now_is RETURNING * INTO counted;
    IF counted.locked_until > now_is THEN
        RETURN counted.locked_until - now_is;
    END IF;
    UPDATE sign_in_attempt SET attempts = attempts + 1, locked_until = CASE WHEN attempts + 1 < free THEN now_is
        ELSE now_is + least(longest_wait, first_wait * power(2, least(attempts + 1 - free, 20))) END
        WHERE account = given_account;
    RETURN interval '0';
END $$;
COMMENT ON FUNCTION passend_count_attempt IS
    'counts a try before the password is looked at, so that tries at the same time count too; how long to wait when it is too early';

CREATE FUNCTION passend_forget_attempts(given_account bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'DELETE FROM sign_in_attempt WHERE account = given_account';

CREATE FUNCTION passend_open_session(
    given_token_hash bytea, given_user uuid, given_role text, given_csrf text, given_agent text, lifetime interval
) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM session WHERE expires_at < now();
    INSERT INTO session (token_hash, user_id, role, csrf, user_agent, expires_at)
    SELECT given_token_hash, user_role.user_id, user_role.role, given_csrf, given_agent, now() + lifetime
    FROM user_role JOIN app_user ON app_user.id = user_role.user_id AND app_user.active
    WHERE user_role.user_id = given_user AND user_role.role = coalesce(given_role, user_role.role)
    ORDER BY array_position(
        ARRAY['client_manager', 'account_manager', 'employer', 'resident', 'auditor', 'administrator'], user_role.role
    ) LIMIT 1
    RETURNING role
$$;
COMMENT ON FUNCTION passend_open_session IS 'the role of the new session; null when the user is not active or has no such role';

CREATE FUNCTION passend_session(
    given_token_hash bytea, idle interval,
    OUT user_id uuid, OUT role text, OUT organisation_id uuid, OUT name text, OUT csrf text
) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE session SET last_seen_at = now() WHERE token_hash = given_token_hash AND expires_at > now()
        AND last_seen_at BETWEEN now() - idle AND now() - interval '1 minute';
    SELECT app_user.id, session.role, app_user.organisation_id, app_user.name, session.csrf
    FROM session JOIN app_user ON app_user.id = session.user_id
    WHERE session.token_hash = given_token_hash AND session.expires_at > now() AND session.last_seen_at > now() - idle
        AND app_user.active
$$;

CREATE FUNCTION passend_close_session(given_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'DELETE FROM session WHERE token_hash = given_token_hash';

CREATE FUNCTION passend_token(
    given_token_hash bytea, OUT user_id uuid, OUT role text, OUT organisation_id uuid, OUT name text, OUT scopes text[]
) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE api_token SET last_used_at = now() WHERE token_hash = given_token_hash AND expires_at > now() AND revoked_at IS NULL
        AND coalesce(last_used_at < now() - interval '1 minute', true);
    SELECT app_user.id, api_token.role, app_user.organisation_id, app_user.name, api_token.scopes
    FROM api_token JOIN app_user ON app_user.id = api_token.user_id
    WHERE api_token.token_hash = given_token_hash AND api_token.expires_at > now() AND api_token.revoked_at IS NULL
        AND app_user.active
$$;

CREATE FUNCTION passend_enter_by_link(given_token_hash bytea, given_code_hash bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE link resident_link; resident uuid;
BEGIN
    UPDATE resident_link SET attempts = attempts + 1,
        used_at = CASE WHEN code_hash = given_code_hash THEN now() END
        WHERE token_hash = given_token_hash AND used_at IS NULL AND expires_at > now() AND attempts < 5
        RETURNING * INTO link;
    IF link.used_at IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO app_user (organisation_id, seeker_id, name)
        SELECT organisation_id, id, 'Inwoner ' || id FROM seeker WHERE id = link.seeker_id
        ON CONFLICT (seeker_id) DO NOTHING;
    SELECT id INTO resident FROM app_user WHERE seeker_id = link.seeker_id;
    INSERT INTO user_role VALUES (resident, 'resident') ON CONFLICT DO NOTHING;
    RETURN resident;
END $$;
COMMENT ON FUNCTION passend_enter_by_link IS 'the resident of a link, once, with the right code, within five tries; null otherwise';

CREATE FUNCTION passend_begin_oidc(given_state_hash bytea, given_nonce text, given_verifier text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM oidc_attempt WHERE expires_at < now();
    INSERT INTO oidc_attempt VALUES (given_state_hash, given_nonce, given_verifier, now() + interval '10 minutes')
$$;

CREATE FUNCTION passend_finish_oidc(given_state_hash bytea, OUT nonce text, OUT verifier text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM oidc_attempt WHERE state_hash = given_state_hash AND expires_at > now() RETURNING nonce, verifier
$$;

CREATE FUNCTION passend_oidc_user(subject text, verified_email text, given_name text, roles text[], new_in text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known uuid; home uuid;
BEGIN
    SELECT id INTO known FROM app_user WHERE oidc_subject = subject;
    IF known IS NULL THEN
        UPDATE app_user SET oidc_subject = subject
            WHERE lower(email) = lower(verified_email) AND oidc_subject IS NULL AND seeker_id IS NULL RETURNING id INTO known;
    END IF;
    IF known IS NULL THEN
        SELECT min(id::text)::uuid INTO home FROM organisation WHERE name = new_in OR id::text = new_in HAVING count(*) = 1;
    END IF;
    IF home IS NOT NULL THEN
        INSERT INTO app_user (organisation_id, name, email, oidc_subject) VALUES (home, given_name, verified_email, subject)
            ON CONFLICT DO NOTHING RETURNING id INTO known;
    END IF;
    DELETE FROM user_role WHERE user_id = known AND role <> ALL (roles);
    INSERT INTO user_role
        SELECT app_user.id, given.role FROM unnest(roles) AS given (role), app_user
        JOIN organisation ON organisation.id = app_user.organisation_id
        WHERE app_user.id = known AND role_fits(organisation.kind, app_user.seeker_id IS NOT NULL, given.role)
        ON CONFLICT DO NOTHING;
    RETURN known;
END $$;
COMMENT ON FUNCTION passend_oidc_user IS
    'the user of an identity provider, with the roles it gives now; known by subject, else by an e-mail address it verified, else new';

CREATE FUNCTION passend_retell(given_seeker text, given_texts bytea[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE seeker SET texts = given_texts, digest = '', revision = nextval('revision'), version = version + 1, updated_at = now()
    WHERE id = given_seeker AND id = passend_user_seeker() RETURNING version
$$;
COMMENT ON FUNCTION passend_retell IS
    'after a resident changed their own statements: what is encoded of them; an import of the old row counts as a change again';

GRANT EXECUTE ON FUNCTION passend_credentials, passend_own_password, passend_change_password, passend_count_attempt, passend_forget_attempts,
    passend_open_session, passend_session, passend_close_session, passend_token, passend_enter_by_link, passend_begin_oidc, passend_finish_oidc, passend_oidc_user,
    passend_retell TO passend_app;

-- What may be touched at all, by table and column ---------------------------------------------------------------------------------

GRANT USAGE ON SEQUENCE revision TO passend_app;
GRANT SELECT ON labour_market_region, installation, encoder, embedding, occupation TO passend_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON seeker, statement, seeker_identity, opportunity TO passend_app;
GRANT SELECT, INSERT ON receipt TO passend_app;
GRANT SELECT, INSERT, UPDATE (name) ON organisation TO passend_app;
GRANT SELECT (id, organisation_id, seeker_id, name, email, active, created_at), INSERT (organisation_id, name, email, password_hash),
    UPDATE (name, email, password_hash, active) ON app_user TO passend_app;
GRANT SELECT, INSERT, DELETE ON user_role TO passend_app;
GRANT SELECT (user_id, role, user_agent, created_at, last_seen_at, expires_at), DELETE ON session TO passend_app;
GRANT SELECT (id, user_id, role, name, scopes, created_at, expires_at, last_used_at, revoked_at),
    INSERT (name, token_hash, scopes, expires_at), UPDATE (revoked_at) ON api_token TO passend_app;
GRANT SELECT (id, seeker_id, created_by, created_at, expires_at, used_at), INSERT (seeker_id, token_hash, code_hash, expires_at)
    ON resident_link TO passend_app;

GRANT SELECT ON installation, seeker, statement, opportunity, occupation, encoder, embedding TO passend_engine;
GRANT INSERT ON encoder, embedding TO passend_engine;

-- Which rows ----------------------------------------------------------------------------------------------------------------------

ALTER TABLE labour_market_region ENABLE ROW LEVEL SECURITY;
ALTER TABLE installation ENABLE ROW LEVEL SECURITY;
ALTER TABLE encoder ENABLE ROW LEVEL SECURITY;
ALTER TABLE embedding ENABLE ROW LEVEL SECURITY;
ALTER TABLE occupation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON labour_market_region FOR SELECT TO passend_app USING (true);
CREATE POLICY everyone_reads ON installation FOR SELECT TO passend_app, passend_engine USING (true);
CREATE POLICY everyone_reads ON encoder FOR SELECT TO passend_app, passend_engine USING (true);
CREATE POLICY everyone_reads ON occupation FOR SELECT TO passend_app, passend_engine USING (true);
CREATE POLICY users_read ON embedding FOR SELECT TO passend_app USING ((SELECT passend_user_id()) IS NOT NULL);
CREATE POLICY engine_reads ON embedding FOR SELECT TO passend_engine USING (true);
CREATE POLICY engine_writes ON embedding FOR INSERT TO passend_engine WITH CHECK (true);
CREATE POLICY engine_writes ON encoder FOR INSERT TO passend_engine WITH CHECK (true);

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY region_reads ON organisation FOR SELECT TO passend_app USING (region_id = (SELECT passend_user_region()));
CREATE POLICY administrator_renames ON organisation FOR UPDATE TO passend_app
    USING (id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'administrator');
CREATE POLICY staff_adds_employer ON organisation FOR INSERT TO passend_app WITH CHECK (
    kind = 'employer' AND region_id = (SELECT passend_user_region()) AND (SELECT passend_user_kind()) <> 'employer'
    AND (SELECT passend_user_role()) IN ('account_manager', 'administrator'));

ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY self_reads ON app_user FOR SELECT TO passend_app USING (id = (SELECT passend_user_id()));
CREATE POLICY administrator_manages ON app_user TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND seeker_id IS NULL
    AND (SELECT passend_user_role()) = 'administrator');

ALTER TABLE user_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY self_reads ON user_role FOR SELECT TO passend_app USING (user_id = (SELECT passend_user_id()));
CREATE POLICY administrator_manages ON user_role TO passend_app USING (
    (SELECT passend_user_role()) = 'administrator' AND user_id IN (
        SELECT id FROM app_user WHERE organisation_id = (SELECT passend_user_organisation()) AND seeker_id IS NULL));

CREATE VIEW colleague WITH (security_barrier) AS
SELECT app_user.id, app_user.name, app_user.organisation_id, user_role.role
FROM app_user
JOIN user_role ON user_role.user_id = app_user.id
JOIN acting_user ON app_user.organisation_id = ANY ((SELECT passend_region_organisations())::uuid[])
WHERE app_user.active AND app_user.seeker_id IS NULL AND CASE acting_user.role
    WHEN 'resident' THEN app_user.organisation_id = acting_user.organisation_id AND user_role.role = 'client_manager'
    ELSE acting_user.kind <> 'employer' OR app_user.organisation_id = acting_user.organisation_id
        OR user_role.role = 'account_manager' END;
COMMENT ON VIEW colleague IS
    'names in the region: for staff all but residents, for employers their own and account managers, for residents client managers';
GRANT SELECT ON colleague TO passend_app;

ALTER TABLE seeker ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_reads ON seeker FOR SELECT TO passend_engine USING (true);
CREATE POLICY municipality_reads ON seeker FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation())
    AND (SELECT passend_user_role()) IN ('client_manager', 'administrator', 'auditor'));
CREATE POLICY account_manager_reads ON seeker FOR SELECT TO passend_app USING (
    organisation_id = ANY ((SELECT passend_region_organisations())::uuid[]) AND (SELECT passend_user_role()) = 'account_manager');
CREATE POLICY resident_reads ON seeker FOR SELECT TO passend_app USING (id = (SELECT passend_user_seeker()));
CREATE POLICY municipality_adds ON seeker FOR INSERT TO passend_app WITH CHECK (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_kind()) = 'municipality'
    AND (SELECT passend_user_role()) IN ('client_manager', 'administrator'));
CREATE POLICY municipality_changes ON seeker FOR UPDATE TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) IN ('client_manager', 'administrator'));
CREATE POLICY municipality_removes ON seeker FOR DELETE TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) IN ('client_manager', 'administrator'));

-- Who may see the person may see their sentences: the subqueries are subject to the policies of seeker.
ALTER TABLE statement ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_reads ON statement FOR SELECT TO passend_engine USING (true);
CREATE POLICY with_the_person ON statement FOR SELECT TO passend_app
    USING (EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY municipality_writes ON statement TO passend_app USING (
    (SELECT passend_user_role()) IN ('client_manager', 'administrator') AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY resident_writes ON statement TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));

ALTER TABLE seeker_identity ENABLE ROW LEVEL SECURITY;
CREATE POLICY client_manager_writes ON seeker_identity TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY resident_reads ON seeker_identity FOR SELECT TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));

ALTER TABLE opportunity ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_reads ON opportunity FOR SELECT TO passend_engine USING (true);
CREATE POLICY owner_reads ON opportunity FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) <> 'resident');
CREATE POLICY region_reads_open ON opportunity FOR SELECT TO passend_app USING (
    organisation_id = ANY ((SELECT passend_region_organisations())::uuid[]) AND (SELECT passend_user_kind()) <> 'employer'
    AND (status = 'open' OR status = 'closed' AND (SELECT passend_user_role()) <> 'resident'));
CREATE POLICY account_manager_writes ON opportunity TO passend_app USING (
    organisation_id = ANY ((SELECT passend_region_organisations())::uuid[]) AND (SELECT passend_user_role()) = 'account_manager');
CREATE POLICY employer_reads ON opportunity FOR SELECT TO passend_app USING (
    employer_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_kind()) = 'employer');
CREATE POLICY employer_adds ON opportunity FOR INSERT TO passend_app WITH CHECK (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'employer' AND status = 'draft'
    AND coalesce(employer_id, organisation_id) = organisation_id);
-- What an employer changes is a draft again, until an account manager looked at it.
CREATE POLICY employer_changes ON opportunity FOR UPDATE TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'employer')
    WITH CHECK (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'employer' AND status <> 'open'
    AND coalesce(employer_id, organisation_id) = organisation_id);
CREATE POLICY employer_removes ON opportunity FOR DELETE TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'employer');

ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
CREATE POLICY maker_reads ON receipt FOR SELECT TO passend_app USING (user_id = (SELECT passend_user_id()));
CREATE POLICY own_organisation_checks ON receipt FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) IN ('auditor', 'administrator'));
CREATE POLICY maker_writes ON receipt FOR INSERT TO passend_app WITH CHECK (
    user_id = (SELECT passend_user_id()) AND organisation_id = (SELECT passend_user_organisation()));

ALTER TABLE session ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON session TO passend_app USING (user_id = (SELECT passend_user_id()));
ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON api_token TO passend_app USING (user_id = (SELECT passend_user_id()))
    WITH CHECK (user_id = (SELECT passend_user_id()) AND role = (SELECT passend_user_role()));
ALTER TABLE resident_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY client_manager_invites ON resident_link TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
ALTER TABLE sign_in_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc_attempt ENABLE ROW LEVEL SECURITY;
