-- The outboxes of logouts and mail share the same columns.
ALTER TABLE "grantor_mail" RENAME COLUMN "give_up_at" TO "expires_at";

-- An unused session stays until it expires, because applications are notified of its end only then.
DROP INDEX "grantor_sessions_last_seen_at";
