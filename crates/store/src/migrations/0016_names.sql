-- Unique names: canonical logins, look-alike forms of logins, confirmed e-mail addresses, look-alike forms of client_ids.
-- Rows of a removed owner stay if the name must not be reused.
CREATE TABLE "grantor_names" (
  "kind" {text} NOT NULL,
  "name" {text} NOT NULL,
  "owner_id" {guid} NOT NULL,
  PRIMARY KEY ("kind", "name")
) {strict};
CREATE INDEX "grantor_names_owner_id" ON "grantor_names" ("owner_id", "kind");
