-- Who hid a name, so that the history of a proposal can tell. Showing it is for the person alone (policy resident_gives).

ALTER TABLE agreement ADD COLUMN revoked_by text;
COMMENT ON COLUMN agreement.revoked_by IS 'the client manager who revoked it on the word of the person; null: the person did, or a step';

CREATE OR REPLACE FUNCTION change_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known proposal;
BEGIN
    UPDATE proposal SET version = version + 1, updated_at = now() WHERE id = new.proposal_id RETURNING * INTO known;
    new.seeker_id := known.seeker_id;
    new.employer_id := known.employer_id;
    IF TG_OP = 'INSERT' AND NOT (SELECT after_agreement FROM proposal_state WHERE state = known.state) THEN
        PERFORM passend_refuse('PS409', 'There is nothing to agree with at this moment.');
    ELSIF TG_OP = 'UPDATE' AND passend_user_role() <> 'resident' THEN
        new.revoked_by := (SELECT name FROM app_user WHERE id = passend_user_id());
    END IF;
    RETURN new;
END $$;
