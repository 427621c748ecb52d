-- Proposals: a person and a place, step by step. A step is a row that is only ever added; the trigger on it is the one thing that
-- changes a state, and it takes its rules from the tables here, which say the same as service/proposals.py.

ALTER TABLE installation ADD COLUMN undo_window interval NOT NULL DEFAULT '30 minutes' CHECK (undo_window >= '0');
COMMENT ON COLUMN installation.undo_window IS 'how long someone may take back their own last step';

ALTER TABLE opportunity ADD COLUMN taken integer NOT NULL DEFAULT 0 CHECK (taken >= 0);
COMMENT ON COLUMN opportunity.taken IS 'how many of the positions people were placed in through a proposal';

CREATE FUNCTION taken_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'passend_app' THEN
        new.taken := CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE old.taken END;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER taken_is_counted BEFORE INSERT OR UPDATE OF taken ON opportunity FOR EACH ROW EXECUTE FUNCTION taken_is_counted();

-- The rules ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE proposal_state (
    state text PRIMARY KEY,
    after_agreement boolean NOT NULL,
    with_employer boolean NOT NULL,
    at_work boolean NOT NULL,
    final boolean NOT NULL,
    months integer
);
COMMENT ON COLUMN proposal_state.months IS 'how long after the start this state can be reached';
INSERT INTO proposal_state VALUES
    ('suggested', false, false, false, false, NULL),
    ('proposed', false, false, false, false, NULL),
    ('agreed', true, false, false, false, NULL),
    ('declined', false, false, false, true, NULL),
    ('introduced', true, true, false, false, NULL),
    ('refused', false, false, false, true, NULL),
    ('met', true, true, false, false, NULL),
    ('trial', true, true, true, false, NULL),
    ('started', true, true, true, false, NULL),
    ('lasting_1', true, true, true, false, 1),
    ('lasting_3', true, true, true, false, 3),
    ('lasting_6', true, true, true, false, 6),
    ('lasting_12', true, true, true, false, 12),
    ('ended', false, false, false, true, NULL),
    ('withdrawn', false, false, false, true, NULL);

CREATE TABLE proposal_reason (
    party text NOT NULL CHECK (party IN ('resident', 'employer', 'staff')),
    reason text NOT NULL,
    PRIMARY KEY (party, reason)
);
INSERT INTO proposal_reason VALUES
    ('resident', 'other_work'), ('resident', 'not_my_choice'), ('resident', 'learn_first'), ('resident', 'hours'),
    ('resident', 'travel'), ('resident', 'later'), ('resident', 'other'),
    ('employer', 'position_taken'), ('employer', 'other_experience'), ('employer', 'hours'), ('employer', 'no_guidance_now'),
    ('employer', 'place_gone'), ('employer', 'other'),
    ('staff', 'better_option'), ('staff', 'place_gone'), ('staff', 'agreed_together'), ('staff', 'step_forward'),
    ('staff', 'period_over'), ('staff', 'moved'), ('staff', 'mistake'), ('staff', 'other');

CREATE TABLE proposal_transition (
    from_state text NOT NULL REFERENCES proposal_state,
    to_state text NOT NULL REFERENCES proposal_state,
    role text NOT NULL,
    reason_of text,
    PRIMARY KEY (from_state, to_state, role)
);
COMMENT ON COLUMN proposal_transition.reason_of IS 'whose reason has to be given with this step, if any';
INSERT INTO proposal_transition
SELECT before.state, after.state, who.role, reason_of
FROM (VALUES
    ('{suggested}', '{proposed}', '{client_manager}', NULL),
    ('{proposed}', '{agreed}', '{resident}', NULL),
    ('{agreed}', '{introduced}', '{client_manager,account_manager}', NULL),
    ('{introduced}', '{met}', '{client_manager,account_manager,employer}', NULL),
    ('{met}', '{trial,started}', '{client_manager,account_manager}', NULL),
    ('{trial}', '{started}', '{client_manager,account_manager}', NULL),
    ('{started}', '{lasting_1,lasting_3,lasting_6,lasting_12}', '{client_manager,account_manager}', NULL),
    ('{lasting_1}', '{lasting_3,lasting_6,lasting_12}', '{client_manager,account_manager}', NULL),
    ('{lasting_3}', '{lasting_6,lasting_12}', '{client_manager,account_manager}', NULL),
    ('{lasting_6}', '{lasting_12}', '{client_manager,account_manager}', NULL),
    ('{proposed,agreed}', '{declined}', '{resident}', 'resident'),
    ('{introduced,met}', '{refused}', '{employer,account_manager}', 'employer'),
    ('{trial,started,lasting_1,lasting_3,lasting_6,lasting_12}', '{ended}', '{client_manager,account_manager}', 'staff'),
    ('{suggested,proposed,agreed,introduced,met,trial,started,lasting_1,lasting_3,lasting_6,lasting_12}', '{withdrawn}',
        '{client_manager,account_manager}', 'staff'),
    ('{suggested,proposed,agreed,introduced,met,trial,started,lasting_1,lasting_3,lasting_6,lasting_12}', '{withdrawn}',
        '{resident}', 'resident')
) AS rule (from_states, to_states, roles, reason_of),
    unnest(from_states::text[]) AS before (state), unnest(to_states::text[]) AS after (state), unnest(roles::text[]) AS who (role);

-- The proposals -----------------------------------------------------------------------------------------------------------------

CREATE TABLE proposal (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    opportunity_id text NOT NULL REFERENCES opportunity,
    organisation_id uuid NOT NULL REFERENCES organisation,
    employer_id uuid REFERENCES organisation,
    rung text NOT NULL,
    receipt_id uuid,
    state text NOT NULL DEFAULT 'suggested' REFERENCES proposal_state,
    suggested_by uuid,
    proposed_by uuid,
    introduced_at timestamptz,
    started_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX proposal_under_way ON proposal (seeker_id, opportunity_id)
    WHERE state NOT IN ('declined', 'refused', 'ended', 'withdrawn');
CREATE INDEX proposal_organisation ON proposal (organisation_id, created_at, id);
CREATE INDEX proposal_employer ON proposal (employer_id) WHERE introduced_at IS NOT NULL;
CREATE INDEX proposal_opportunity ON proposal (opportunity_id);
CREATE INDEX proposal_seeker ON proposal (seeker_id);
COMMENT ON COLUMN proposal.organisation_id IS 'the municipality of the person';
COMMENT ON COLUMN proposal.employer_id IS 'the employer of the place, where that is an organisation here';
COMMENT ON COLUMN proposal.receipt_id IS 'the match run it came from; no key, since receipts stay when proposals go';
COMMENT ON COLUMN proposal.proposed_by IS 'the client manager who proposed it to the person';

CREATE TABLE proposal_step (
    proposal_id uuid NOT NULL REFERENCES proposal ON DELETE CASCADE,
    number integer NOT NULL,
    from_state text NOT NULL REFERENCES proposal_state,
    to_state text NOT NULL REFERENCES proposal_state,
    undoes integer,
    reason text,
    note text NOT NULL DEFAULT '',
    on_date date NOT NULL DEFAULT current_date,
    by_user uuid,
    by_role text,
    by_name text NOT NULL,
    by_organisation uuid,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (proposal_id, number)
);
COMMENT ON COLUMN proposal_step.number IS
    'the version of the proposal that this step was taken from, so that two steps from one version collide';
COMMENT ON COLUMN proposal_step.undoes IS 'the step that this one takes back';
COMMENT ON COLUMN proposal_step.by_name IS 'the name as it was; a decision keeps its name when the user is gone';

CREATE TABLE agreement (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    proposal_id uuid NOT NULL REFERENCES proposal ON DELETE CASCADE,
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    employer_id uuid REFERENCES organisation,
    given_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    ended_by_step integer
);
CREATE UNIQUE INDEX agreement_standing ON agreement (proposal_id) WHERE revoked_at IS NULL;
CREATE INDEX agreement_seeker ON agreement (seeker_id, employer_id) WHERE revoked_at IS NULL;
COMMENT ON TABLE agreement IS 'a person lets this employer know who they are; revoking hides the name at once';
COMMENT ON COLUMN agreement.ended_by_step IS
    'the step that ended it, so that undoing that step gives it back; null: the person revoked it';

CREATE TABLE objection (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    proposal_id uuid REFERENCES proposal ON DELETE CASCADE,
    opportunity_id text REFERENCES opportunity ON DELETE SET NULL,
    text text NOT NULL CHECK (text <> ''),
    made_at timestamptz NOT NULL DEFAULT now(),
    answer text CHECK (answer <> ''),
    answered_at timestamptz,
    answered_by text,
    CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
);
CREATE INDEX objection_seeker ON objection (seeker_id, made_at);
CREATE INDEX objection_proposal ON objection (proposal_id) WHERE answered_at IS NULL;
COMMENT ON TABLE objection IS 'a person does not agree with a suggestion; until someone answers it by name, its proposal waits';

CREATE TABLE outcome_count (
    organisation_id uuid NOT NULL REFERENCES organisation,
    quarter date NOT NULL,
    rung text NOT NULL,
    state text NOT NULL REFERENCES proposal_state,
    reason text NOT NULL DEFAULT '',
    steps integer NOT NULL,
    PRIMARY KEY (organisation_id, quarter, rung, state, reason)
);
COMMENT ON TABLE outcome_count IS 'what remains of proposals that were erased: numbers of steps, nobody''s in particular';

CREATE TABLE idempotency_key (
    user_id uuid NOT NULL DEFAULT passend_user_id() REFERENCES app_user ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    request bytea NOT NULL,
    resource text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
COMMENT ON COLUMN idempotency_key.request IS 'digest of what was asked; the same key with another request is refused';

-- What a step does ----------------------------------------------------------------------------------------------------------------

CREATE FUNCTION passend_refuse(code text, message text, pointer text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = pointer;
END $$;
COMMENT ON FUNCTION passend_refuse IS
    'PS and the HTTP status that service/db/refusals.py makes of it; pointer: the field that it is about';

CREATE FUNCTION begin_proposal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    new.suggested_by := coalesce(passend_user_id(), new.suggested_by);
    SELECT seeker.organisation_id INTO new.organisation_id FROM seeker WHERE id = new.seeker_id;
    SELECT kind, coalesce(employer_id, (SELECT id FROM organisation WHERE id = opportunity.organisation_id AND kind = 'employer'))
        INTO new.rung, new.employer_id FROM opportunity WHERE id = new.opportunity_id;
    IF EXISTS (SELECT FROM opportunity WHERE id = new.opportunity_id AND status <> 'open') THEN
        PERFORM passend_refuse('PS409', 'This place is not open.');
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER begin_proposal BEFORE INSERT ON proposal FOR EACH ROW EXECUTE FUNCTION begin_proposal();

CREATE FUNCTION take_position(given text, wanted integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'726576'::int); -- revisions are taken one writer at a time (service/db/revisions.py)
    UPDATE opportunity SET taken = greatest(0, taken + wanted), revision = nextval('revision')
        WHERE id = given AND (wanted < 0 OR taken + wanted <= positions);
    IF NOT FOUND THEN
        PERFORM passend_refuse('PS409', 'The last position at this place is taken.');
    END IF;
END $$;

CREATE FUNCTION check_step(known proposal, step proposal_step) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE rule proposal_transition;
BEGIN
    SELECT * INTO rule FROM proposal_transition
        WHERE from_state = known.state AND to_state = step.to_state AND role = coalesce(passend_user_role(), role) LIMIT 1;
    IF NOT FOUND THEN
        PERFORM passend_refuse('PS409', format('There is no step from %s to %s for you.', known.state, step.to_state));
    ELSIF rule.reason_of IS NULL AND step.reason IS NOT NULL THEN
        PERFORM passend_refuse('PS400', 'This step takes no reason; a note is welcome.', '/reason');
    ELSIF rule.reason_of IS NOT NULL AND NOT EXISTS (
        SELECT FROM proposal_reason WHERE party = rule.reason_of AND reason = step.reason) THEN
        PERFORM passend_refuse('PS400', format('This step needs a reason of the %s.', rule.reason_of), '/reason');
    ELSIF step.reason = 'other' AND step.note = '' THEN
        PERFORM passend_refuse('PS400', 'Say in a note what the other reason is.', '/note');
    ELSIF step.on_date > current_date THEN
        PERFORM passend_refuse('PS400', 'The date of a step cannot lie ahead.', '/on');
    ELSIF step.to_state = 'introduced' AND NOT EXISTS (
        SELECT FROM agreement WHERE proposal_id = known.id AND revoked_at IS NULL) THEN
        PERFORM passend_refuse('PS409', 'The person has to agree first that this employer learns who they are.');
    ELSIF step.to_state IN ('proposed', 'introduced') AND EXISTS (
        SELECT FROM objection WHERE proposal_id = known.id AND answered_at IS NULL) THEN
        PERFORM passend_refuse('PS409', 'The person objected to this suggestion. Answer that first.');
    ELSIF known.started_on + make_interval(months => (SELECT months FROM proposal_state WHERE state = step.to_state)) > step.on_date
    THEN
        PERFORM passend_refuse('PS409', 'It has not lasted that long yet.');
    END IF;
END $$;

CREATE FUNCTION check_undo(known proposal, last proposal_step, undone integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF last.number IS DISTINCT FROM undone OR last.undoes IS NOT NULL THEN
        PERFORM passend_refuse('PS409', 'Only the last step can be taken back.');
    ELSIF last.by_user IS DISTINCT FROM passend_user_id() THEN
        PERFORM passend_refuse('PS403', 'A step is taken back by who took it.');
    ELSIF last.at < now() - (SELECT undo_window FROM installation) THEN
        PERFORM passend_refuse('PS409', 'It is too late to take this step back. Take a new step instead.');
    END IF;
END $$;

CREATE FUNCTION move_agreement(known proposal, step proposal_step) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF step.undoes IS NOT NULL THEN
        UPDATE agreement SET revoked_at = NULL, ended_by_step = NULL
            WHERE proposal_id = known.id AND ended_by_step = step.undoes;
    ELSIF step.to_state = 'agreed' THEN
        INSERT INTO agreement (proposal_id, seeker_id, employer_id) VALUES (known.id, known.seeker_id, known.employer_id);
    END IF;
    UPDATE agreement SET revoked_at = now(), ended_by_step = step.number
        FROM proposal_state WHERE proposal_id = known.id AND revoked_at IS NULL
        AND state = step.to_state AND NOT after_agreement;
END $$;

CREATE FUNCTION standing_start(given uuid, without integer) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT on_date FROM proposal_step AS step
    WHERE proposal_id = given AND to_state IN ('trial', 'started') AND undoes IS NULL AND number <> without
        AND NOT EXISTS (SELECT FROM proposal_step AS later WHERE later.proposal_id = given AND later.undoes = step.number)
    ORDER BY number DESC LIMIT 1
$$;

CREATE FUNCTION take_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known proposal; last proposal_step; before proposal_state; after proposal_state;
BEGIN
    SELECT * INTO known FROM proposal WHERE id = new.proposal_id;
    new.from_state := known.state;
    IF new.undoes IS NULL THEN
        PERFORM check_step(known, new);
    ELSE
        SELECT * INTO last FROM proposal_step WHERE proposal_id = known.id ORDER BY number DESC LIMIT 1;
        PERFORM check_undo(known, last, new.undoes);
        new.to_state := last.from_state;
    END IF;
    SELECT * INTO before FROM proposal_state WHERE state = new.from_state;
    SELECT * INTO after FROM proposal_state WHERE state = new.to_state;
    IF before.at_work <> after.at_work THEN
        PERFORM take_position(known.opportunity_id, CASE WHEN after.at_work THEN 1 ELSE -1 END);
    END IF;
    UPDATE proposal SET state = new.to_state, version = version + 1, updated_at = now(),
        proposed_by = CASE WHEN new.to_state = 'proposed' AND new.undoes IS NULL THEN passend_user_id() ELSE proposed_by END,
        introduced_at = CASE WHEN new.to_state = 'introduced' AND new.undoes IS NULL THEN now()
            WHEN last.to_state = 'introduced' THEN NULL ELSE introduced_at END,
        started_on = CASE WHEN new.undoes IS NOT NULL THEN standing_start(id, new.undoes)
            WHEN new.to_state IN ('trial', 'started') THEN new.on_date ELSE started_on END
        WHERE id = known.id AND version = new.number;
    IF NOT FOUND THEN
        PERFORM passend_refuse('PS412', 'This proposal was changed in the meantime. Look at it again.');
    END IF;
    PERFORM move_agreement(known, new);
    new.by_user := coalesce(passend_user_id(), new.by_user);
    new.by_role := coalesce(passend_user_role(), new.by_role);
    new.by_organisation := coalesce(passend_user_organisation(), new.by_organisation);
    new.by_name := coalesce((SELECT name FROM app_user WHERE id = new.by_user), new.by_name, 'operator');
    RETURN new;
END $$;
CREATE TRIGGER take_step BEFORE INSERT ON proposal_step FOR EACH ROW EXECUTE FUNCTION take_step();

CREATE FUNCTION change_agreement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known proposal;
BEGIN
    UPDATE proposal SET version = version + 1, updated_at = now() WHERE id = new.proposal_id RETURNING * INTO known;
    new.seeker_id := known.seeker_id;
    new.employer_id := known.employer_id;
    IF TG_OP = 'INSERT' AND NOT (SELECT after_agreement FROM proposal_state WHERE state = known.state) THEN
        PERFORM passend_refuse('PS409', 'There is nothing to agree with at this moment.');
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER change_agreement BEFORE INSERT OR UPDATE ON agreement FOR EACH ROW WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION change_agreement();

CREATE FUNCTION count_outcomes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO outcome_count
    SELECT old.organisation_id, date_trunc('quarter', at)::date, old.rung, to_state, coalesce(reason, ''), count(*)
    FROM proposal_step AS step
    WHERE proposal_id = old.id AND undoes IS NULL
        AND NOT EXISTS (SELECT FROM proposal_step AS later WHERE later.proposal_id = old.id AND later.undoes = step.number)
    GROUP BY 2, 4, 5
    ON CONFLICT (organisation_id, quarter, rung, state, reason) DO UPDATE SET steps = outcome_count.steps + excluded.steps;
    RETURN old;
END $$;
CREATE TRIGGER count_outcomes BEFORE DELETE ON proposal FOR EACH ROW EXECUTE FUNCTION count_outcomes();

CREATE FUNCTION answer_objection() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF old.answered_at IS NOT NULL THEN
        PERFORM passend_refuse('PS409', 'This objection was answered already.');
    END IF;
    new.answered_at := now();
    new.answered_by := coalesce((SELECT name FROM app_user WHERE id = passend_user_id()), 'operator');
    RETURN new;
END $$;
CREATE TRIGGER answer_objection BEFORE UPDATE OF answer ON objection FOR EACH ROW EXECUTE FUNCTION answer_objection();

-- What may be touched -------------------------------------------------------------------------------------------------------------

GRANT SELECT ON proposal_state, proposal_reason, proposal_transition, proposal, proposal_step, agreement, objection, outcome_count
    TO passend_app;
GRANT INSERT (id, seeker_id, opportunity_id, receipt_id) ON proposal TO passend_app;
GRANT INSERT (proposal_id, number, from_state, to_state, undoes, reason, note, on_date) ON proposal_step TO passend_app;
GRANT INSERT (proposal_id), UPDATE (revoked_at) ON agreement TO passend_app;
GRANT INSERT (id, seeker_id, proposal_id, opportunity_id, text), UPDATE (answer) ON objection TO passend_app;
GRANT SELECT, INSERT (key, request, resource) ON idempotency_key TO passend_app;

ALTER TABLE proposal_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal_reason ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal_transition ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON proposal_state FOR SELECT TO passend_app USING (true);
CREATE POLICY everyone_reads ON proposal_reason FOR SELECT TO passend_app USING (true);
CREATE POLICY everyone_reads ON proposal_transition FOR SELECT TO passend_app USING (true);

ALTER TABLE proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY municipality_reads ON proposal FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation())
    AND (SELECT passend_user_role()) IN ('client_manager', 'administrator', 'auditor'));
CREATE POLICY account_manager_reads ON proposal FOR SELECT TO passend_app USING (
    organisation_id = ANY ((SELECT passend_region_organisations())::uuid[]) AND (SELECT passend_user_role()) = 'account_manager');
CREATE POLICY resident_reads ON proposal FOR SELECT TO passend_app USING (seeker_id = (SELECT passend_user_seeker()));
CREATE POLICY employer_reads_introduced ON proposal FOR SELECT TO passend_app USING (
    employer_id = (SELECT passend_user_organisation()) AND (SELECT passend_user_role()) = 'employer' AND introduced_at IS NOT NULL);
CREATE POLICY suggests ON proposal FOR INSERT TO passend_app WITH CHECK (
    (SELECT passend_user_role()) IN ('client_manager', 'account_manager', 'resident')
    AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id)
    AND EXISTS (SELECT FROM opportunity WHERE opportunity.id = opportunity_id AND status = 'open'));

ALTER TABLE proposal_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_proposal ON proposal_step FOR SELECT TO passend_app USING (
    EXISTS (SELECT FROM proposal WHERE proposal.id = proposal_id)
    AND ((SELECT passend_user_role()) <> 'employer' OR by_organisation = (SELECT passend_user_organisation())));
CREATE POLICY takes ON proposal_step FOR INSERT TO passend_app WITH CHECK (
    EXISTS (SELECT FROM proposal WHERE proposal.id = proposal_id));

ALTER TABLE agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_proposal ON agreement FOR SELECT TO passend_app USING (
    EXISTS (SELECT FROM proposal WHERE proposal.id = proposal_id));
CREATE POLICY resident_gives ON agreement FOR INSERT TO passend_app WITH CHECK (seeker_id = (SELECT passend_user_seeker()));
CREATE POLICY resident_revokes ON agreement FOR UPDATE TO passend_app
    USING (seeker_id = (SELECT passend_user_seeker()) AND revoked_at IS NULL)
    WITH CHECK (seeker_id = (SELECT passend_user_seeker()) AND revoked_at IS NOT NULL);
CREATE POLICY client_manager_revokes ON agreement FOR UPDATE TO passend_app
    USING ((SELECT passend_user_role()) = 'client_manager' AND revoked_at IS NULL
        AND EXISTS (SELECT FROM proposal WHERE proposal.id = proposal_id))
    WITH CHECK ((SELECT passend_user_role()) = 'client_manager' AND revoked_at IS NOT NULL);

ALTER TABLE objection ENABLE ROW LEVEL SECURITY;
CREATE POLICY resident_objects ON objection FOR INSERT TO passend_app WITH CHECK (
    seeker_id = (SELECT passend_user_seeker()) AND (proposal_id IS NULL OR EXISTS (
        SELECT FROM proposal WHERE proposal.id = proposal_id AND proposal.seeker_id = objection.seeker_id)));
CREATE POLICY with_the_person ON objection FOR SELECT TO passend_app USING (
    EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));
CREATE POLICY client_manager_answers ON objection FOR UPDATE TO passend_app USING (
    (SELECT passend_user_role()) = 'client_manager' AND EXISTS (SELECT FROM seeker WHERE seeker.id = seeker_id));

ALTER TABLE outcome_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON outcome_count FOR SELECT TO passend_app USING (
    organisation_id = (SELECT passend_user_organisation())
    AND (SELECT passend_user_role()) IN ('client_manager', 'administrator', 'auditor'));

ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON idempotency_key TO passend_app USING (user_id = (SELECT passend_user_id()));

-- What an employer sees of a person: never the tables of people. The view runs as its owner, since a policy on rows cannot leave
-- out columns; it gives only the people who are with this employer now, by code.
CREATE VIEW introduced_person WITH (security_barrier) AS
SELECT proposal.id AS proposal_id, seeker.id AS code,
    (SELECT coalesce(array_agg(text ORDER BY number), '{}') FROM statement
        WHERE seeker_id = seeker.id AND kind = 'ability') AS abilities,
    seeker.hours_min, seeker.hours_max,
    CASE WHEN max_travel_km <= 5 THEN 'up_to_5_km' WHEN max_travel_km <= 10 THEN 'up_to_10_km'
        WHEN max_travel_km <= 25 THEN 'up_to_25_km' ELSE 'over_25_km' END AS reach,
    seeker.speaking, seeker.reading, seeker.writing, seeker.licences
FROM proposal
JOIN proposal_state ON proposal_state.state = proposal.state AND proposal_state.with_employer
JOIN seeker ON seeker.id = proposal.seeker_id
JOIN acting_user ON acting_user.role = 'employer' AND acting_user.organisation_id = proposal.employer_id;
GRANT SELECT ON introduced_person TO passend_app;

CREATE POLICY employer_reads_with_agreement ON seeker_identity FOR SELECT TO passend_app USING (
    (SELECT passend_user_role()) = 'employer' AND EXISTS (
        SELECT FROM agreement
        JOIN proposal ON proposal.id = agreement.proposal_id
        JOIN proposal_state ON proposal_state.state = proposal.state AND proposal_state.with_employer
        WHERE agreement.seeker_id = seeker_identity.seeker_id AND agreement.revoked_at IS NULL
            AND agreement.employer_id = (SELECT passend_user_organisation())));
