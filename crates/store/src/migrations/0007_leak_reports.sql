-- Reports of leaked secrets, which were revoked.

CREATE TABLE "grantor_leak_reports" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "reported_at" {time} NOT NULL,
  "finder_address" {text} NOT NULL,
  "url" {text} NOT NULL,
  "source" {text} NOT NULL,
  "kind" {text} NOT NULL,
  "name" {text} NOT NULL,
  "revoked" {int} NOT NULL,
  "access_token_id" {guid} REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE,
  "trusted_application_id" {guid} REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "user_id" {guid} REFERENCES "Sec_Users" ("id") ON DELETE CASCADE
) {strict};
CREATE INDEX "grantor_leak_reports_user_id" ON "grantor_leak_reports" ("user_id", "reported_at");
