-- A form is bound to the browser and the person, and no longer to the session.
ALTER TABLE "grantor_sessions" DROP COLUMN "csrf";
