-- Set-based revocations and their members.
CREATE TABLE "Sec_Revocations" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "came_since" {int} NOT NULL,
  "confirmed_timestamp" {time},
  "creation_timestamp" {time} NOT NULL,
  "dropped" {int} NOT NULL,
  "expire_timestamp" {time} NOT NULL,
  "filter" {text} NOT NULL,
  "members_hash" {text},
  "reason" {text},
  "state" {text} NOT NULL,
  "total" {int} NOT NULL,
  "created_by_id" {guid} NOT NULL,
  "token_id" {guid}
) {strict};
CREATE INDEX "sec_revocations_external_id" ON "Sec_Revocations" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_revocations_external_system" ON "Sec_Revocations" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_revocations_updated_at" ON "Sec_Revocations" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_revocations_confirmed_timestamp" ON "Sec_Revocations" ("confirmed_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_revocations_creation_timestamp" ON "Sec_Revocations" ("creation_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_revocations_state" ON "Sec_Revocations" ("state" {nulls_first}, "id");
CREATE INDEX "sec_revocations_created_by_id" ON "Sec_Revocations" ("created_by_id" {nulls_first}, "id");
CREATE INDEX "sec_revocations_token_id" ON "Sec_Revocations" ("token_id" {nulls_first}, "id");

CREATE TABLE "grantor_revocation_members" (
  "access_token_id" {guid} NOT NULL,
  "revocation_id" {guid} NOT NULL REFERENCES "Sec_Revocations" ("id") ON DELETE CASCADE,
  "root_id" {guid} NOT NULL,
  PRIMARY KEY ("access_token_id", "revocation_id")
) {strict};
CREATE INDEX "grantor_revocation_members_revocation_id" ON "grantor_revocation_members" ("revocation_id", "access_token_id");
CREATE INDEX "grantor_revocation_members_root_id" ON "grantor_revocation_members" ("revocation_id", "root_id");
