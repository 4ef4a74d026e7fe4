-- What applications say about themselves, and what they and their tokens prove themselves with.

ALTER TABLE "Sec_Trusted_Applications" ADD COLUMN "metadata" {text};
ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "confirmation" {text};

-- The secrets of applications that prove with them what they signed; sealed.
CREATE TABLE "grantor_client_secrets" (
  "trusted_application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "sealed" {text} NOT NULL
) {strict};

-- What may be used once and was: the identifiers of assertions and proofs, as hashes, until they expire anyway.
CREATE TABLE "grantor_used_ids" ("key_hash" {text} PRIMARY KEY NOT NULL, "expires_at" {time} NOT NULL) {strict};
CREATE INDEX "grantor_used_ids_expires_at" ON "grantor_used_ids" ("expires_at");
