-- Receipts in a chain: each holds the hash of the one before, per organisation, so that a change afterwards shows. What a run
-- compared is kept once by content (snapshot), weights once by version; a receipt is then enough to do the run again.

CREATE TABLE snapshot (
    digest bytea PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('person', 'place')),
    subject_id text NOT NULL,
    model text NOT NULL,
    content jsonb NOT NULL,
    vectors bytea NOT NULL
);
CREATE INDEX snapshot_subject ON snapshot (subject_id, kind);
COMMENT ON TABLE snapshot IS 'a person or place as it was matched, with its vectors';
COMMENT ON COLUMN snapshot.digest IS 'SHA-256 of all other columns: service/receipts.py';
COMMENT ON COLUMN snapshot.vectors IS 'half precision, little endian, row by row in the order of matching.vectors';

CREATE TABLE weights_version (
    version text PRIMARY KEY,
    content jsonb NOT NULL
);

CREATE TABLE receipt_chain (
    organisation_id uuid PRIMARY KEY,
    number bigint NOT NULL DEFAULT 0,
    hash bytea
);
COMMENT ON TABLE receipt_chain IS 'the last receipt of each organisation, so that a missing end shows too';

ALTER TABLE receipt
    ADD COLUMN number bigint,
    ADD COLUMN previous bytea,
    ADD COLUMN hash bytea,
    ADD COLUMN inputs_digest bytea,
    ADD COLUMN result_digest bytea,
    ADD COLUMN snapshots bytea[] NOT NULL DEFAULT '{}',
    ADD COLUMN erased_at timestamptz,
    ALTER COLUMN subject_id DROP NOT NULL,
    ALTER COLUMN inputs DROP NOT NULL,
    ALTER COLUMN result DROP NOT NULL,
    ADD CONSTRAINT receipt_in_chain CHECK (
        organisation_id IS NOT NULL AND number IS NOT NULL AND hash IS NOT NULL AND (previous IS NULL) = (number = 1)
        AND inputs_digest IS NOT NULL AND result_digest IS NOT NULL
    ) NOT VALID, -- receipts from before this migration stand outside the chain
    ADD CONSTRAINT receipt_whole_or_erased CHECK (
        num_nulls(subject_id, inputs, result) = CASE WHEN erased_at IS NULL THEN 0 ELSE 3 END
    );
CREATE UNIQUE INDEX receipt_number ON receipt (organisation_id, number);
COMMENT ON COLUMN receipt.snapshots IS 'digests of the person or place asked about, and then of all that was compared, in order';
COMMENT ON COLUMN receipt.erased_at IS 'when its content was erased; digests and hash stay, so that the chain holds';

CREATE FUNCTION passend_receipt_head(
    given uuid, OUT organisation uuid, OUT acting uuid, OUT at timestamptz, OUT number bigint, OUT hash bytea
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    organisation := coalesce(passend_user_organisation(), given);
    acting := passend_user_id();
    IF organisation IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'it is not known for whom this receipt is';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(organisation::text, 0));
    INSERT INTO receipt_chain (organisation_id) VALUES (organisation) ON CONFLICT DO NOTHING;
    SELECT receipt_chain.number, receipt_chain.hash INTO number, hash FROM receipt_chain WHERE organisation_id = organisation;
    at := clock_timestamp();
END $$;
COMMENT ON FUNCTION passend_receipt_head IS
    'who acts, and the last receipt of their organisation; the next writer waits until this transaction ends';

CREATE FUNCTION link_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE receipt_chain SET number = new.number, hash = new.hash
        WHERE organisation_id = new.organisation_id AND number = new.number - 1 AND hash IS NOT DISTINCT FROM new.previous;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'a receipt goes at the end of the chain';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER link_receipt BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION link_receipt();

CREATE FUNCTION keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR new.erased_at IS NULL OR (new.id, new.organisation_id, new.number, new.previous, new.hash,
        new.inputs_digest, new.result_digest, new.made_at, new.user_id, new.about, new.engine, new.model, new.weights)
        IS DISTINCT FROM (old.id, old.organisation_id, old.number, old.previous, old.hash,
        old.inputs_digest, old.result_digest, old.made_at, old.user_id, old.about, old.engine, old.model, old.weights)
    THEN
        RAISE check_violation USING MESSAGE = 'a receipt stays as it is; only its content can be erased';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER keep_receipt BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION keep_receipt();

CREATE FUNCTION passend_missing_snapshots(given bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT wanted FROM unnest(given) AS wanted WHERE NOT EXISTS (SELECT FROM snapshot WHERE digest = wanted)
$$;

CREATE FUNCTION passend_receipt_snapshots(given uuid) RETURNS SETOF snapshot
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT snapshot.*
    FROM receipt, unnest(receipt.snapshots) WITH ORDINALITY AS wanted (digest, position)
    JOIN snapshot USING (digest)
    WHERE receipt.id = given AND (pg_has_role(session_user, current_user, 'MEMBER') OR receipt.user_id = passend_user_id()
        OR receipt.about = 'matches' AND receipt.subject_id = passend_user_seeker()
        OR receipt.organisation_id = passend_user_organisation() AND passend_user_role() IN ('auditor', 'administrator'))
    ORDER BY wanted.position
$$;
COMMENT ON FUNCTION passend_receipt_snapshots IS 'for who may read the receipt: its maker, the person it is about, and who checks the own organisation';
GRANT EXECUTE ON FUNCTION passend_receipt_head, passend_missing_snapshots, passend_receipt_snapshots TO passend_app;

-- Whoever deletes a person erases them here as well, in the same transaction: from every receipt that holds their words, and their
-- vectors as far as nobody else said the same.
ALTER TABLE seeker ADD COLUMN earlier_texts bytea[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN seeker.earlier_texts IS 'digests of texts that were encoded before the last change';

CREATE FUNCTION remember_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.earlier_texts := ARRAY(SELECT unnest(old.earlier_texts) UNION SELECT unnest(old.texts));
    RETURN new;
END $$;
CREATE TRIGGER remember_texts BEFORE UPDATE OF texts ON seeker FOR EACH ROW WHEN (old.texts IS DISTINCT FROM new.texts)
    EXECUTE FUNCTION remember_texts();

CREATE FUNCTION erase_receipts_of(given text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE own bytea[]; erased integer;
BEGIN
    SELECT coalesce(array_agg(digest), '{}') INTO own FROM snapshot WHERE kind = 'person' AND subject_id = given;
    UPDATE receipt SET subject_id = NULL, inputs = NULL, result = NULL, snapshots = '{}', erased_at = now()
        WHERE erased_at IS NULL AND (about = 'matches' AND subject_id = given OR snapshots && own);
    GET DIAGNOSTICS erased = ROW_COUNT;
    DELETE FROM snapshot WHERE digest = ANY (own);
    RETURN erased;
END $$;

CREATE FUNCTION forget_texts(given bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM embedding WHERE digest IN (
        SELECT unnest(given)
        EXCEPT SELECT unnest(texts) FROM seeker WHERE texts && given
        EXCEPT SELECT unnest(texts) FROM opportunity WHERE texts && given
        EXCEPT SELECT unnest(texts) FROM occupation WHERE texts && given)
$$;

CREATE FUNCTION forget_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM erase_receipts_of(old.id);
    PERFORM forget_texts(old.texts || old.earlier_texts);
    RETURN NULL;
END $$;
CREATE TRIGGER forget_person AFTER DELETE ON seeker FOR EACH ROW EXECUTE FUNCTION forget_person();

GRANT SELECT ON weights_version, receipt_chain TO passend_app;
GRANT INSERT ON snapshot, weights_version TO passend_app;
ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_add ON snapshot FOR INSERT TO passend_app WITH CHECK ((SELECT passend_user_id()) IS NOT NULL);
ALTER TABLE weights_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON weights_version FOR SELECT TO passend_app USING (true);
CREATE POLICY users_add ON weights_version FOR INSERT TO passend_app WITH CHECK ((SELECT passend_user_id()) IS NOT NULL);
ALTER TABLE receipt_chain ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation_checks ON receipt_chain FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) IN ('auditor', 'administrator'));
CREATE POLICY resident_reads ON receipt FOR SELECT TO passend_app USING (
    about = 'matches' AND subject_id = (SELECT passend_user_seeker()));
