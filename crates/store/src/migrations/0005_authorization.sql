-- Sign-in to applications: revocation reasons, authentication methods and times of sessions, pushed authorization requests,
-- and repeatable responses to refresh requests.

ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "revocation_reason" {text};

ALTER TABLE "grantor_sessions" ADD COLUMN "authenticated_at" {time} NOT NULL DEFAULT 0;
ALTER TABLE "grantor_sessions" ADD COLUMN "methods" {text} NOT NULL DEFAULT 'pwd';
UPDATE "grantor_sessions" SET "authenticated_at" = "created_at";

-- RFC 9126: pushed authorization requests, each with its own secret.
CREATE TABLE "grantor_pushed_requests" (
  "secret_hash" {text} PRIMARY KEY NOT NULL,
  "client_id" {text} NOT NULL,
  "sealed" {text} NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_pushed_requests_expires_at" ON "grantor_pushed_requests" ("expires_at");

-- The response to a consumed refresh token, until its successor is used.
CREATE TABLE "grantor_refresh_answers" (
  "access_token_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE,
  "sealed" {text} NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_refresh_answers_expires_at" ON "grantor_refresh_answers" ("expires_at");
