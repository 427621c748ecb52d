-- Imports run as jobs: what is done is committed together with the rows, so that a killed job goes on where it was.
CREATE TABLE import_job (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    file_name text NOT NULL,
    source bytea,
    request bytea NOT NULL,
    form text CHECK (form IN ('seekers', 'opportunities')),
    mapping jsonb,
    columns text[],
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done')),
    rows_total integer NOT NULL CHECK (rows_total >= 0),
    rows_done integer NOT NULL DEFAULT 0 CHECK (rows_done BETWEEN 0 AND rows_total),
    ignored jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((status = 'done') = (finished_at IS NOT NULL)),
    CHECK ((status = 'done') = (source IS NULL))
);
CREATE UNIQUE INDEX import_job_unfinished ON import_job (request) WHERE status <> 'done';
COMMENT ON COLUMN import_job.source IS 'the file itself; removed when the job is done';
COMMENT ON COLUMN import_job.request IS 'digest of file, mapping and form: the same request again goes on with the unfinished job';
COMMENT ON COLUMN import_job.ignored IS 'columns and fields that were not read, with how often';

CREATE TABLE import_row (
    job_id uuid NOT NULL REFERENCES import_job ON DELETE CASCADE,
    number integer NOT NULL,
    line integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('added', 'updated', 'unchanged', 'repeated', 'rejected')),
    record_id text,
    located text CHECK (located IN ('approximate', 'nowhere')),
    errors json,
    content json,
    PRIMARY KEY (job_id, number),
    CHECK ((outcome = 'rejected') = (errors IS NOT NULL))
);
COMMENT ON TABLE import_row IS 'what happened to each row of a file';
COMMENT ON COLUMN import_row.content IS 'a rejected row as it stood in the file, for the file of rejected rows; json, since jsonb refuses some characters';

CREATE TABLE import_mapping (
    columns bytea PRIMARY KEY,
    mapping jsonb NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN import_mapping.columns IS 'digest of the names of the columns: an export with the same columns is read the same way';

-- Whoever deletes a person erases them here as well; a row that was rejected is theirs when it holds their id.
CREATE INDEX import_row_record ON import_row (record_id);
CREATE FUNCTION forget_import_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM import_row WHERE record_id = old.id OR strpos(content::text, to_json(old.id)::text) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_import_rows AFTER DELETE ON seeker FOR EACH ROW EXECUTE FUNCTION forget_import_rows();

-- Closed until a later migration says who may see what: with row-level security on and no policy, only the owner gets in.
ALTER TABLE import_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_mapping ENABLE ROW LEVEL SECURITY;
