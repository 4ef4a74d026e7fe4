-- Responses to refresh requests are repeatable for a short time and a few times. Existing rows expire like new ones.
ALTER TABLE "grantor_refresh_answers" ADD COLUMN "repeats" {int} NOT NULL DEFAULT 0;
UPDATE "grantor_refresh_answers" SET "expires_at" = coalesce((
  SELECT "consumed_timestamp" + 60000000 FROM "Sec_Access_Tokens" WHERE "id" = "grantor_refresh_answers"."access_token_id"
), 0);

-- Keys of consumed and removed refresh tokens, by which their reuse is detected while the family lives.
CREATE TABLE "grantor_used_refresh_tokens" (
  "key_hash" {text} PRIMARY KEY NOT NULL,
  "family_id" {guid} NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE
) {strict};
CREATE INDEX "grantor_used_refresh_tokens_family_id" ON "grantor_used_refresh_tokens" ("family_id");

-- Other applications from whose tokens a grant was derived. While one of them is disabled, the grant is refused.
CREATE TABLE "grantor_grant_origins" (
  "access_token_id" {guid} NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE,
  "application_id" {guid} NOT NULL,
  PRIMARY KEY ("access_token_id", "application_id")
) {strict};
INSERT INTO "grantor_grant_origins" ("access_token_id", "application_id")
SELECT "child"."id", "parent"."trusted_application_id"
FROM "Sec_Access_Tokens" "child" JOIN "Sec_Access_Tokens" "parent" ON "parent"."id" = "child"."parent_id"
WHERE "parent"."trusted_application_id" <> "child"."trusted_application_id";
