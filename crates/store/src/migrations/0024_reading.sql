-- Why grants were revoked and from where they were last used can be filtered.
CREATE INDEX "sec_access_tokens_revocation_reason" ON "Sec_Access_Tokens" ("revocation_reason" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_last_used_ip_address" ON "Sec_Access_Tokens" ("last_used_ip_address" {nulls_first}, "id");

-- Tokens as the password of basic authentication, which user and application must allow.
ALTER TABLE "Sec_Users" ADD COLUMN "basic_authentication_allowed" {bool} NOT NULL DEFAULT false;
CREATE INDEX "sec_users_basic_authentication_allowed" ON "Sec_Users" ("basic_authentication_allowed" {nulls_first}, "id");
