-- Second factors and passkeys of users, and details of their sessions.

-- RFC 6238: sealed secrets; the last accepted time step is not accepted again.
CREATE TABLE "grantor_totp" (
  "user_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "sealed" {text} NOT NULL,
  "last_step" {int} NOT NULL,
  "created_at" {time} NOT NULL,
  "confirmed_at" {time}
) {strict};

-- One-time recovery codes, as hashes; removed on use.
CREATE TABLE "grantor_recovery_codes" (
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "code_hash" {text} NOT NULL,
  PRIMARY KEY ("user_id", "code_hash")
) {strict};

-- Web Authentication Level 3: public keys of passkeys.
CREATE TABLE "grantor_passkeys" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "credential_id" {text} NOT NULL,
  "public_key" {text} NOT NULL,
  "sign_count" {int} NOT NULL,
  "name" {text} NOT NULL,
  "created_at" {time} NOT NULL,
  "last_used_at" {time}
) {strict};
CREATE UNIQUE INDEX "grantor_passkeys_credential_id" ON "grantor_passkeys" ("credential_id");
CREATE INDEX "grantor_passkeys_user_id" ON "grantor_passkeys" ("user_id");

ALTER TABLE "grantor_sessions" ADD COLUMN "browser" {text} NOT NULL DEFAULT '';
ALTER TABLE "grantor_sessions" ADD COLUMN "last_seen_at" {time} NOT NULL DEFAULT 0;
UPDATE "grantor_sessions" SET "last_seen_at" = "created_at";
CREATE INDEX "grantor_sessions_last_seen_at" ON "grantor_sessions" ("last_seen_at");
