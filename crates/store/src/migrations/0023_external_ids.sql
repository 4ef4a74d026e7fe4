-- An external identifier is one row's within its system. A missing system counts as one system. The rows of the other tables
-- cannot be given an external identifier.

CREATE UNIQUE INDEX "sec_access_tokens_external" ON "Sec_Access_Tokens" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "sec_users_external" ON "Sec_Users" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "sec_trusted_applications_external" ON "Sec_Trusted_Applications" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "sec_trusted_application_authorizations_external" ON "Sec_Trusted_Application_Authorizations" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "sec_scopes_external" ON "Sec_Scopes" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
CREATE UNIQUE INDEX "sec_resources_external" ON "Sec_Resources" ("external_id", COALESCE("external_system", ''))
  WHERE "external_id" IS NOT NULL;
