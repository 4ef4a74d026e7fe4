-- Look-alike forms of the names of applications that did not register themselves, and self-registered applications that
-- were used.
CREATE TABLE "grantor_application_names" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "look" {text} NOT NULL
) {strict};
CREATE INDEX "grantor_application_names_look" ON "grantor_application_names" ("look");

CREATE TABLE "grantor_used_applications" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE
) {strict};

-- Applications whose deletion has started: they are disabled, and their grants are detached in batches.
CREATE TABLE "grantor_application_deletions" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE
) {strict};
