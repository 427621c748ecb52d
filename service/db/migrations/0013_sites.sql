-- The widget on other people's sites: which sites, how often they may ask, the one narrow way in which it sees people, and what
-- employers leave there.

CREATE TABLE site (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL DEFAULT passend_user_organisation() REFERENCES organisation,
    name text NOT NULL CHECK (name <> ''),
    key text NOT NULL UNIQUE CHECK (key ~ '^pk_[A-Za-z0-9_-]{32}$'),
    origins text[] NOT NULL CHECK (cardinality(origins) BETWEEN 1 AND 20),
    hourly_limit integer NOT NULL DEFAULT 1200 CHECK (hourly_limit BETWEEN 4 AND 100000),
    hourly_limit_address integer NOT NULL DEFAULT 120 CHECK (hourly_limit_address BETWEEN 4 AND 100000),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE INDEX site_organisation ON site (organisation_id);
COMMENT ON COLUMN site.organisation_id IS 'the municipality or WSP in whose region the widget looks, and that gets what is left there';
COMMENT ON COLUMN site.key IS 'public: it stands in the HTML of the site, and opens nothing but the widget';
COMMENT ON COLUMN site.origins IS 'scheme, host and port, as browsers send them in Origin; compared letter by letter';
COMMENT ON COLUMN site.hourly_limit IS 'requests of all visitors together; a quarter of it may come at once';
COMMENT ON COLUMN site.hourly_limit_address IS 'requests of one client address; a quarter of it may come at once';

CREATE TABLE site_use (
    site_id uuid NOT NULL REFERENCES site ON DELETE CASCADE,
    client bytea NOT NULL,
    used_up_to timestamptz NOT NULL,
    PRIMARY KEY (site_id, client)
);
CREATE INDEX site_use_used_up_to ON site_use (used_up_to);
COMMENT ON TABLE site_use IS 'how far ahead of its rate each client of a site is; a row goes when that is past';
COMMENT ON COLUMN site_use.client IS 'a keyed digest of the client address, another one each day; empty: the site as a whole';

CREATE FUNCTION passend_site(
    given_key text, OUT id uuid, OUT organisation_id uuid, OUT region_id text, OUT origins text[], OUT revoked boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT site.id, site.organisation_id, organisation.region_id, site.origins, site.revoked_at IS NOT NULL
    FROM site JOIN organisation ON organisation.id = site.organisation_id WHERE site.key = given_key
$$;
COMMENT ON FUNCTION passend_site IS 'the site of a key, also when it was revoked; nothing of it is secret';

-- Generic cell rate algorithm (ITU-T I.371, annex A): each request uses up its share of the hour, and only a quarter of an hour may be
-- used ahead. One row a client, so any number of processes count together.
CREATE FUNCTION use_of_site(given_site uuid, given_client bytea, hourly integer) RETURNS interval
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    now_is timestamptz := clock_timestamp();
    share interval := interval '1 hour' / hourly;
    ahead interval := interval '15 minutes';
    known timestamptz;
BEGIN
    INSERT INTO site_use AS before VALUES (given_site, given_client, now_is + share)
        ON CONFLICT (site_id, client) DO UPDATE SET used_up_to = greatest(before.used_up_to, now_is) + share
        WHERE greatest(before.used_up_to, now_is) + share <= now_is + ahead;
    IF FOUND THEN
        RETURN interval '0';
    END IF;
    SELECT used_up_to INTO known FROM site_use WHERE site_id = given_site AND client = given_client;
    RETURN known + share - ahead - now_is;
END $$;

-- What is past is removed last, and without waiting for others, so that no two of these wait for each other.
CREATE FUNCTION passend_admit_to_site(given_site uuid, given_address text) RETURNS interval
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE limits site; digest bytea; wait interval;
BEGIN
    SELECT * INTO limits FROM site WHERE id = given_site;
    SELECT sha256(key || convert_to(current_date || given_site::text || given_address, 'UTF8')) INTO digest FROM processing_key;
    wait := use_of_site(given_site, digest, limits.hourly_limit_address);
    IF wait <= '0' THEN
        wait := use_of_site(given_site, '', limits.hourly_limit);
    END IF;
    DELETE FROM site_use WHERE (site_id, client) IN (
        SELECT site_id, client FROM site_use WHERE used_up_to < now() - interval '1 minute' FOR UPDATE SKIP LOCKED);
    RETURN wait;
END $$;
COMMENT ON FUNCTION passend_admit_to_site IS 'counts a request; how long to wait when it is one too many, by address and then by site';

-- People as the widget may see them: what is compared, without code, words or organisation.
CREATE VIEW wordless_person WITH (security_barrier) AS
SELECT
    seeker.key, organisation.region_id, seeker.latitude, seeker.longitude, seeker.position_exact, seeker.max_travel_km,
    seeker.transport, seeker.hours_min, seeker.hours_max, seeker.dayparts, seeker.speaking, seeker.reading, seeker.licences,
    seeker.support_needs, seeker.open_to, seeker.texts,
    sha256(processing_key.key || convert_to('crowd ' || seeker.id, 'UTF8')) AS crowd_key,
    told.abilities, told.learning, told.motivations
FROM seeker
JOIN organisation ON organisation.id = seeker.organisation_id
CROSS JOIN processing_key
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'ability') AS abilities, count(*) FILTER (WHERE kind = 'learning') AS learning,
        count(*) FILTER (WHERE kind = 'motivation') AS motivations
    FROM statement WHERE seeker_id = seeker.id
) AS told;
COMMENT ON COLUMN wordless_person.crowd_key IS 'what a group is recognised by when its size is blurred; keyed, so it cannot be computed from a code';
GRANT SELECT ON wordless_person TO passend_engine;

-- What employers leave -----------------------------------------------------------------------------------------------------------

CREATE TABLE received_vacancy (
    opportunity_id text PRIMARY KEY REFERENCES opportunity ON DELETE CASCADE,
    site_id uuid NOT NULL REFERENCES site,
    contact_name text NOT NULL CHECK (contact_name <> ''),
    contact_email text NOT NULL CHECK (contact_email LIKE '%@%'),
    contact_phone text NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX received_vacancy_received_at ON received_vacancy (received_at DESC, opportunity_id);
CREATE INDEX received_vacancy_site ON received_vacancy (site_id);
COMMENT ON TABLE received_vacancy IS 'who left a vacancy in the widget; the vacancy itself is a draft among the places';
INSERT INTO retention VALUES ('received_vacancy', '12 months');

CREATE FUNCTION passend_receive_vacancy(given_site uuid, given_key bigint, vacancy jsonb, contact jsonb, given_texts bytea[], given_digest bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE told opportunity := jsonb_populate_record(NULL::opportunity, vacancy); home uuid; added integer;
BEGIN
    SELECT organisation_id INTO home FROM site WHERE id = given_site AND revoked_at IS NULL;
    INSERT INTO opportunity (id, key, kind, title, organisation, place, postcode4, latitude, longitude, position_exact, summary, tasks,
        needs, offers, hours_min, hours_max, dayparts, speaking_min, reading_min, licences, support, positions, texts, digest,
        organisation_id, status, revision)
    VALUES (told.id, given_key, told.kind, told.title, told.organisation, told.place, told.postcode4, told.latitude, told.longitude,
        coalesce(told.position_exact, false), told.summary, told.tasks, told.needs, told.offers, told.hours_min, told.hours_max,
        told.dayparts, told.speaking_min, told.reading_min, told.licences, told.support, told.positions, given_texts, given_digest,
        home, 'draft', nextval('revision'))
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added = 1 THEN
        INSERT INTO received_vacancy (opportunity_id, site_id, contact_name, contact_email, contact_phone)
        VALUES (told.id, given_site, contact->>'name', contact->>'email', contact->>'phone');
    END IF;
END $$;
COMMENT ON FUNCTION passend_receive_vacancy IS
    'a draft at the organisation of a site; the same id again changes nothing, so that who lost the connection can send again';

GRANT EXECUTE ON FUNCTION passend_site, passend_admit_to_site, passend_receive_vacancy TO passend_app;

-- What may be touched -------------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT (organisation_id, name, key, origins, hourly_limit, hourly_limit_address), UPDATE (revoked_at) ON site TO passend_app;
GRANT SELECT, DELETE ON received_vacancy TO passend_app;

ALTER TABLE site ENABLE ROW LEVEL SECURITY;
CREATE POLICY administrator_manages ON site TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'administrator'
    AND (SELECT passend_user_kind()) <> 'employer');
CREATE POLICY auditor_reads ON site FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'auditor');
CREATE POLICY account_manager_reads ON site FOR SELECT TO passend_app USING (
    organisation_id = ANY ((SELECT passend_region_organisations())::uuid[]) AND (SELECT passend_user_role()) = 'account_manager');

ALTER TABLE site_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE received_vacancy ENABLE ROW LEVEL SECURITY;
CREATE POLICY account_manager_follows_up ON received_vacancy TO passend_app USING (
    (SELECT passend_user_role()) = 'account_manager' AND EXISTS (SELECT FROM opportunity WHERE opportunity.id = opportunity_id));
