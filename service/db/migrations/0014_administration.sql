-- What administrators do themselves: how long things are kept, and files that wait until somebody looked at their columns.

GRANT UPDATE (keep) ON retention TO passend_app;
CREATE POLICY own_administrator_sets ON retention FOR UPDATE TO passend_app USING (
    (SELECT passend_user_role()) = 'administrator'
    AND (SELECT passend_user_organisation()) = (SELECT organisation_id FROM installation));

CREATE TABLE import_upload (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL DEFAULT passend_user_id() REFERENCES app_user ON DELETE CASCADE,
    file_name text NOT NULL,
    content bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE import_upload IS 'a table that was handed in, until its user says where the columns go';
INSERT INTO retention VALUES ('import_upload', '1 day');

GRANT SELECT, INSERT (file_name, content), DELETE ON import_upload TO passend_app;
ALTER TABLE import_upload ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_upload TO passend_app USING (
    user_id = (SELECT passend_user_id()) AND (SELECT passend_may_import()) <> '{}');
