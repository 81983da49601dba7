-- Partners come in.

ALTER TABLE invitation DROP CONSTRAINT invitation_role_check;
ALTER TABLE invitation ADD CONSTRAINT invitation_role_check
    CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation', 'partner'));
ALTER TABLE replica DROP CONSTRAINT replica_role_check;
ALTER TABLE replica ADD CONSTRAINT replica_role_check
    CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation', 'partner'));
