-- Client metadata, and the keys and secrets with which clients and their tokens are authenticated.

ALTER TABLE "Sec_Trusted_Applications" ADD COLUMN "metadata" {text};
ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "confirmation" {text};

-- Sealed secrets of clients that authenticate with client_secret_jwt.
CREATE TABLE "grantor_client_secrets" (
  "trusted_application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "sealed" {text} NOT NULL
) {strict};

-- Consumed one-time identifiers: hashes of the identifiers of assertions and proofs, until they expire.
CREATE TABLE "grantor_used_ids" ("key_hash" {text} PRIMARY KEY NOT NULL, "expires_at" {time} NOT NULL) {strict};
CREATE INDEX "grantor_used_ids_expires_at" ON "grantor_used_ids" ("expires_at");
