-- Every process that keeps an index hears of changes, and can ask what was removed as it asks what changed.

CREATE TABLE removal (
    revision bigint PRIMARY KEY DEFAULT nextval('revision'),
    from_table text NOT NULL,
    key bigint,
    removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX removal_of_table ON removal (from_table, revision);
COMMENT ON TABLE removal IS 'people, places and occupations that are gone, by their number in search indexes';
COMMENT ON COLUMN removal.key IS 'null once the number is forgotten too: an index that is still before this revision is built anew';

CREATE FUNCTION passend_take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'726576'::int); -- revisions are taken one writer at a time (service/db/revisions.py)
    RETURN NULL;
END $$;

CREATE FUNCTION passend_note_removal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO removal (from_table, key) SELECT TG_TABLE_NAME, key FROM gone;
    RETURN NULL;
END $$;

CREATE FUNCTION passend_tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('passend_changed', TG_TABLE_NAME);
    RETURN NULL;
END $$;

CREATE TRIGGER take_turn BEFORE DELETE ON seeker FOR EACH STATEMENT EXECUTE FUNCTION passend_take_turn();
CREATE TRIGGER take_turn BEFORE DELETE ON opportunity FOR EACH STATEMENT EXECUTE FUNCTION passend_take_turn();
CREATE TRIGGER take_turn BEFORE DELETE ON occupation FOR EACH STATEMENT EXECUTE FUNCTION passend_take_turn();
CREATE TRIGGER note_removal AFTER DELETE ON seeker REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION passend_note_removal();
CREATE TRIGGER note_removal AFTER DELETE ON opportunity REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION passend_note_removal();
CREATE TRIGGER note_removal AFTER DELETE ON occupation REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION passend_note_removal();
CREATE TRIGGER tell_of_change AFTER INSERT OR UPDATE OR DELETE ON seeker
    FOR EACH STATEMENT EXECUTE FUNCTION passend_tell_of_change();
CREATE TRIGGER tell_of_change AFTER INSERT OR UPDATE OR DELETE ON opportunity
    FOR EACH STATEMENT EXECUTE FUNCTION passend_tell_of_change();
CREATE TRIGGER tell_of_change AFTER INSERT OR UPDATE OR DELETE ON occupation
    FOR EACH STATEMENT EXECUTE FUNCTION passend_tell_of_change();

-- Who may see a row, and whether it is found at all, is part of an index too.
CREATE FUNCTION passend_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.revision := nextval('revision');
    RETURN new;
END $$;

CREATE TRIGGER change_takes_turn BEFORE UPDATE OF organisation_id ON seeker FOR EACH STATEMENT EXECUTE FUNCTION passend_take_turn();
CREATE TRIGGER change_takes_turn BEFORE UPDATE OF organisation_id, status ON opportunity
    FOR EACH STATEMENT EXECUTE FUNCTION passend_take_turn();
CREATE TRIGGER note_change BEFORE UPDATE OF organisation_id ON seeker FOR EACH ROW
    WHEN (old.organisation_id IS DISTINCT FROM new.organisation_id) EXECUTE FUNCTION passend_note_change();
CREATE TRIGGER note_change BEFORE UPDATE OF organisation_id, status ON opportunity FOR EACH ROW
    WHEN ((old.organisation_id, old.status) IS DISTINCT FROM (new.organisation_id, new.status)) EXECUTE FUNCTION passend_note_change();

CREATE INDEX seeker_area ON seeker (latitude, longitude);
CREATE INDEX opportunity_area ON opportunity (latitude, longitude);

GRANT SELECT ON removal TO passend_engine;
ALTER TABLE removal ENABLE ROW LEVEL SECURITY;
CREATE POLICY engine_reads ON removal FOR SELECT TO passend_engine USING (true);
