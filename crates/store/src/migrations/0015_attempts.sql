-- How much of an allowance is used up: of guesses, and of requests of strangers. After a crash of PostgreSQL it begins anew.
CREATE {unlogged} TABLE "grantor_attempts" (
  "counter" {text} PRIMARY KEY NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_attempts_expires_at" ON "grantor_attempts" ("expires_at");
