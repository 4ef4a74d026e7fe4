-- Forms are bound to the browser and the user, no longer to the session.
ALTER TABLE "grantor_sessions" DROP COLUMN "csrf";
