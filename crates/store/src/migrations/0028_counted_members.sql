-- Members of set-based revocations that are not shown: ended grants below which others can be issued.
ALTER TABLE "grantor_revocation_members" ADD COLUMN "is_counted" {int} NOT NULL DEFAULT 1;
