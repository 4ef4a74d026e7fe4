-- The creator and successor of a token, and the token and application with which an event was caused.
ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "created_by_id" {guid};
ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "predecessor_id" {guid};
ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "successor_id" {guid};
CREATE INDEX "sec_access_tokens_created_by_id" ON "Sec_Access_Tokens" ("created_by_id" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_predecessor_id" ON "Sec_Access_Tokens" ("predecessor_id" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_successor_id" ON "Sec_Access_Tokens" ("successor_id" {nulls_first}, "id");

ALTER TABLE "Sec_Audit_Events" ADD COLUMN "actor_application_id" {guid};
ALTER TABLE "Sec_Audit_Events" ADD COLUMN "actor_grant_id" {guid};
CREATE INDEX "sec_audit_events_actor_application_id" ON "Sec_Audit_Events" ("actor_application_id" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_actor_grant_id" ON "Sec_Audit_Events" ("actor_grant_id" {nulls_first}, "id");

-- The command line can be granted the scope that creates tokens which outlive the sign-in.
UPDATE "Sec_Trusted_Applications" SET "scope" = "scope" || ' tokens', "object_version" = "object_version" + 1
WHERE "application_uri" = 'grantor-cli' AND ' ' || "scope" || ' ' NOT LIKE '% tokens %';
