-- Outbox of mail, and one-time links in mails.

-- Contents are sealed, because they may contain the secret of a link; sent mails are removed. A row without a user is a
-- request to reset a password whose user is not yet known.
CREATE TABLE "grantor_mail" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "user_id" {guid} REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "sealed" {text} NOT NULL,
  "queued_at" {time} NOT NULL,
  "due_at" {time} NOT NULL,
  "give_up_at" {time} NOT NULL,
  "attempts" {int} NOT NULL
) {strict};
CREATE INDEX "grantor_mail_due_at" ON "grantor_mail" ("due_at");
CREATE INDEX "grantor_mail_user_id" ON "grantor_mail" ("user_id");

-- The last link of each purpose that a user was sent, with the hash of its secret and the number of recent requests.
CREATE TABLE "grantor_mail_links" (
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id") ON DELETE CASCADE,
  "purpose" {text} NOT NULL,
  "secret_hash" {text} NOT NULL,
  "address" {text} NOT NULL,
  "expires_at" {time} NOT NULL,
  "asked" {int} NOT NULL,
  "asked_since" {time} NOT NULL,
  PRIMARY KEY ("user_id", "purpose")
) {strict};
CREATE UNIQUE INDEX "grantor_mail_links_secret_hash" ON "grantor_mail_links" ("secret_hash");
CREATE INDEX "grantor_mail_links_expires_at" ON "grantor_mail_links" ("expires_at");
