-- Names of which there is one each: the canonical login, the look of a login, a confirmed e-mail address, the look of a
-- client_id. The rows of a removed owner stay where nobody else may have the name.
CREATE TABLE "grantor_names" (
  "kind" {text} NOT NULL,
  "name" {text} NOT NULL,
  "owner_id" {guid} NOT NULL,
  PRIMARY KEY ("kind", "name")
) {strict};
CREATE INDEX "grantor_names_owner_id" ON "grantor_names" ("owner_id", "kind");
