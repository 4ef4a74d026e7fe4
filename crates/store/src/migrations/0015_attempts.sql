-- Attempt counters: password and code guesses, and anonymous requests. Emptied after a crash of PostgreSQL.
CREATE {unlogged} TABLE "grantor_attempts" (
  "counter" {text} PRIMARY KEY NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_attempts_expires_at" ON "grantor_attempts" ("expires_at");
