CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE installation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one)
);
INSERT INTO installation DEFAULT VALUES;

-- Every change of a person or a place takes the next revision, so that derived indexes can ask what is new.
CREATE SEQUENCE revision;

CREATE TABLE seeker (
    id text PRIMARY KEY,
    key bigint NOT NULL UNIQUE,
    place text NOT NULL,
    postcode4 text,
    latitude double precision,
    longitude double precision,
    position_exact boolean NOT NULL DEFAULT false,
    max_travel_km real NOT NULL CHECK (max_travel_km >= 0),
    transport text NOT NULL,
    hours_min real NOT NULL,
    hours_max real NOT NULL CHECK (hours_max >= hours_min),
    dayparts text[],
    speaking text,
    reading text,
    writing text,
    licences text[] NOT NULL,
    support_needs text[] NOT NULL,
    open_to text[] NOT NULL,
    texts bytea[] NOT NULL,
    digest bytea NOT NULL,
    revision bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX seeker_revision ON seeker (revision);
COMMENT ON COLUMN seeker.key IS 'number of this person in search indexes, derived from id';
COMMENT ON COLUMN seeker.texts IS 'digests of the texts that are encoded, in the order of matching.vectors.seeker_texts';
COMMENT ON COLUMN seeker.digest IS 'changes when anything that was handed over changes';

CREATE TABLE statement (
    seeker_id text NOT NULL REFERENCES seeker ON DELETE CASCADE,
    number smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('ability', 'motivation', 'learning')),
    text text NOT NULL,
    PRIMARY KEY (seeker_id, number)
);

CREATE TABLE opportunity (
    id text PRIMARY KEY,
    key bigint NOT NULL UNIQUE,
    kind text NOT NULL,
    title text NOT NULL,
    organisation text NOT NULL,
    place text NOT NULL,
    postcode4 text,
    latitude double precision,
    longitude double precision,
    position_exact boolean NOT NULL DEFAULT false,
    summary text NOT NULL,
    tasks text[] NOT NULL,
    needs jsonb NOT NULL,
    offers text NOT NULL,
    hours_min real NOT NULL,
    hours_max real NOT NULL CHECK (hours_max >= hours_min),
    dayparts text[],
    speaking_min text,
    reading_min text,
    licences text[] NOT NULL,
    support text[] NOT NULL,
    positions integer NOT NULL CHECK (positions >= 0),
    texts bytea[] NOT NULL,
    digest bytea NOT NULL,
    revision bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX opportunity_revision ON opportunity (revision);
COMMENT ON COLUMN opportunity.texts IS 'digests of the texts that are encoded, in the order of matching.vectors.opportunity_texts';

CREATE TABLE encoder (
    id smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    model text NOT NULL UNIQUE
);
COMMENT ON COLUMN encoder.model IS 'fingerprint: the same text has the same vector';

CREATE TABLE embedding (
    encoder_id smallint NOT NULL REFERENCES encoder,
    digest bytea NOT NULL,
    vector halfvec NOT NULL,
    PRIMARY KEY (encoder_id, digest)
);
COMMENT ON TABLE embedding IS 'vector of each text by model, so that nothing is encoded twice';

CREATE TABLE occupation (
    uri text PRIMARY KEY,
    key bigint NOT NULL UNIQUE,
    isco text NOT NULL,
    title text NOT NULL,
    other_names text[] NOT NULL,
    description text NOT NULL,
    texts bytea[] NOT NULL,
    revision bigint NOT NULL
);
CREATE INDEX occupation_revision ON occupation (revision);
COMMENT ON TABLE occupation IS 'ESCO occupations; ESCO © European Union, CC BY 4.0';

CREATE TABLE receipt (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    made_at timestamptz NOT NULL DEFAULT now(),
    about text NOT NULL CHECK (about IN ('matches', 'candidates')),
    subject_id text NOT NULL,
    engine text NOT NULL,
    model text NOT NULL,
    weights text NOT NULL,
    inputs jsonb NOT NULL,
    result jsonb NOT NULL
);
CREATE INDEX receipt_subject ON receipt (subject_id, made_at);
COMMENT ON TABLE receipt IS 'the stored record of one match run';
