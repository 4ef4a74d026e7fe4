-- Accounts at other OpenID providers with which users sign in, and the provider of each session.

CREATE TABLE "Sec_User_Provider_Logins" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "creation_time_utc" {time} NOT NULL,
  "display_name" {text},
  "email" {text},
  "issuer" {text} NOT NULL,
  "last_used_timestamp" {time},
  "provider" {text} NOT NULL,
  "subject" {text} NOT NULL,
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE
) {strict};
-- OpenID Connect Core, section 5.7: issuer and subject together identify the account; nothing else does.
CREATE UNIQUE INDEX "sec_user_provider_logins_account" ON "Sec_User_Provider_Logins" ("issuer", "subject");
CREATE INDEX "sec_user_provider_logins_external_id" ON "Sec_User_Provider_Logins" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_external_system" ON "Sec_User_Provider_Logins" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_updated_at" ON "Sec_User_Provider_Logins" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_creation_time_utc" ON "Sec_User_Provider_Logins" ("creation_time_utc" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_email" ON "Sec_User_Provider_Logins" ("email" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_issuer" ON "Sec_User_Provider_Logins" ("issuer" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_last_used_timestamp" ON "Sec_User_Provider_Logins" ("last_used_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_provider" ON "Sec_User_Provider_Logins" ("provider" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_subject" ON "Sec_User_Provider_Logins" ("subject" {nulls_first}, "id");
CREATE INDEX "sec_user_provider_logins_user_id" ON "Sec_User_Provider_Logins" ("user_id" {nulls_first}, "id");

ALTER TABLE "grantor_sessions" ADD COLUMN "provider" {text};
