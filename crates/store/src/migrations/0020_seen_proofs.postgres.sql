-- The proofs of keys that requests with a token showed, for as long as they could be shown again. The table is unlogged: a request
-- does not wait for the disk, and what is lost when the database server fails is worth nothing two minutes later.
CREATE UNLOGGED TABLE "grantor_seen_proofs" ("key_hash" bytea PRIMARY KEY NOT NULL, "expires_at" bigint NOT NULL);
CREATE INDEX "grantor_seen_proofs_expires_at" ON "grantor_seen_proofs" ("expires_at");
