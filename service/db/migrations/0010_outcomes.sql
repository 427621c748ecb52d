-- What became of proposals, and what was learned from it.
CREATE TABLE outcome (
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    opportunity_id text NOT NULL REFERENCES opportunity ON DELETE CASCADE,
    decided_at timestamptz NOT NULL,
    decision text NOT NULL CHECK (decision IN ('agreed', 'declined', 'met', 'placed')),
    reason text CHECK (reason IN ('travel', 'hours', 'work', 'support', 'language', 'atmosphere', 'other_place', 'other')),
    lasted_months real CHECK (lasted_months >= 0),
    ended text CHECK (ended IN ('stepped_up', 'stopped')),
    features jsonb NOT NULL,
    PRIMARY KEY (seeker_id, opportunity_id, decided_at, decision),
    CHECK ((reason IS NOT NULL) = (decision = 'declined')),
    CHECK (decision = 'placed' OR (lasted_months IS NULL AND ended IS NULL))
);
COMMENT ON TABLE outcome IS 'what became of a proposal';
COMMENT ON COLUMN outcome.lasted_months IS 'months so far; ended says that, and how, the placement is over';
COMMENT ON COLUMN outcome.features IS 'of the match as it was when the outcome came in: matching.outcomes.FEATURES';

CREATE TABLE outcome_model (
    version integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    made_at timestamptz NOT NULL DEFAULT now(),
    compared_with integer REFERENCES outcome_model,
    fitted_on integer NOT NULL,
    model jsonb NOT NULL,
    order_parts jsonb NOT NULL,
    verdict jsonb NOT NULL,
    passes boolean NOT NULL
);
COMMENT ON TABLE outcome_model IS 'challengers: each fit, with how it did on outcomes it had not seen';
COMMENT ON COLUMN outcome_model.compared_with IS 'the champion of that moment; null is the order as shipped';

CREATE TABLE outcome_promotion (
    number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL CHECK (action IN ('promote', 'rollback')),
    version integer REFERENCES outcome_model,
    by_name text NOT NULL CHECK (length(btrim(by_name)) >= 2),
    CHECK (action = 'rollback' OR version IS NOT NULL)
);
COMMENT ON TABLE outcome_promotion IS 'who made which version the champion; the last row holds, null is the order as shipped';

-- Nobody's web request reaches these: the operator decides, on the machine itself.
ALTER TABLE outcome ENABLE ROW LEVEL SECURITY;
ALTER TABLE outcome_model ENABLE ROW LEVEL SECURITY;
ALTER TABLE outcome_promotion ENABLE ROW LEVEL SECURITY;
