-- Mail that waits to be sent, and the links that it carries.

-- What a mail says is sealed, for it may hold the secret of a link; a mail that was sent is gone. One without a user is
-- the wish of somebody who forgot their password, before it is known who that is.
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

-- The last link of its purpose that a user was sent; its secret is kept as its hash alone. How often one was asked for lately
-- stands beside it.
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
