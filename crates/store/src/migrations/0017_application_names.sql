-- What the names of applications look like that somebody vouches for, and which of those that registered themselves were used.
CREATE TABLE "grantor_application_names" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE,
  "look" {text} NOT NULL
) {strict};
CREATE INDEX "grantor_application_names_look" ON "grantor_application_names" ("look");

CREATE TABLE "grantor_used_applications" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE
) {strict};

-- Applications whose deletion has begun: nothing of theirs works any more, and their grants are detached in steps.
CREATE TABLE "grantor_application_deletions" (
  "application_id" {guid} PRIMARY KEY NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE
) {strict};
