-- DPoP proofs that were used, until they expire. The table is unlogged: requests do not wait for the disk, and rows that are
-- lost in a crash of the database server would have expired within two minutes.
CREATE UNLOGGED TABLE "grantor_seen_proofs" ("key_hash" bytea PRIMARY KEY NOT NULL, "expires_at" bigint NOT NULL);
CREATE INDEX "grantor_seen_proofs_expires_at" ON "grantor_seen_proofs" ("expires_at");
