-- What waits for applications and what waits for the mail server is kept in one way.
ALTER TABLE "grantor_mail" RENAME COLUMN "give_up_at" TO "expires_at";

-- A session that nobody uses stays until its time is over, for applications are told of its end only then.
DROP INDEX "grantor_sessions_last_seen_at";
