-- Outbox of back-channel logouts (OpenID Connect Back-Channel Logout 1.0).

CREATE TABLE "grantor_logouts" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "trusted_application_id" {guid} NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "session" {text} NOT NULL,
  "due_at" {time} NOT NULL,
  "expires_at" {time} NOT NULL,
  "attempts" {int} NOT NULL
) {strict};
CREATE INDEX "grantor_logouts_due_at" ON "grantor_logouts" ("due_at", "id");
CREATE INDEX "grantor_logouts_expires_at" ON "grantor_logouts" ("expires_at");
