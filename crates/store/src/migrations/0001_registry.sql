-- The registry: one table per entity of the model, an index for every filterable or orderable attribute (followed by the
-- identifier, so that pages follow the index), and internal tables.

CREATE TABLE "Sec_Users" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "access_failed_count" {int} NOT NULL,
  "active" {bool} NOT NULL,
  "creation_time_utc" {time} NOT NULL,
  "default_language" {text},
  "email" {text},
  "email_confirmed" {bool} NOT NULL,
  "is_admin" {bool} NOT NULL,
  "lockout_end_utc" {time},
  "login" {text} NOT NULL,
  "name" {text} NOT NULL,
  "notes" {text},
  "password" {text},
  "time_zone" {text},
  "two_factor_enabled" {bool} NOT NULL,
  "user_type" {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX "sec_users_login" ON "Sec_Users" ("login");
CREATE INDEX "sec_users_external_id" ON "Sec_Users" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_users_external_system" ON "Sec_Users" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_users_updated_at" ON "Sec_Users" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_users_access_failed_count" ON "Sec_Users" ("access_failed_count" {nulls_first}, "id");
CREATE INDEX "sec_users_active" ON "Sec_Users" ("active" {nulls_first}, "id");
CREATE INDEX "sec_users_creation_time_utc" ON "Sec_Users" ("creation_time_utc" {nulls_first}, "id");
CREATE INDEX "sec_users_default_language" ON "Sec_Users" ("default_language" {nulls_first}, "id");
CREATE INDEX "sec_users_email" ON "Sec_Users" ("email" {nulls_first}, "id");
CREATE INDEX "sec_users_email_confirmed" ON "Sec_Users" ("email_confirmed" {nulls_first}, "id");
CREATE INDEX "sec_users_is_admin" ON "Sec_Users" ("is_admin" {nulls_first}, "id");
CREATE INDEX "sec_users_lockout_end_utc" ON "Sec_Users" ("lockout_end_utc" {nulls_first}, "id");
CREATE INDEX "sec_users_name" ON "Sec_Users" ("name" {nulls_first}, "id");
CREATE INDEX "sec_users_two_factor_enabled" ON "Sec_Users" ("two_factor_enabled" {nulls_first}, "id");
CREATE INDEX "sec_users_user_type" ON "Sec_Users" ("user_type" {nulls_first}, "id");

CREATE TABLE "Sec_Trusted_Applications" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "access_token_format" {text} NOT NULL,
  "application_secret_hash" {text},
  "application_uri" {text} NOT NULL,
  "basic_authentication_allowed" {bool} NOT NULL,
  "client_type" {text} NOT NULL,
  "creation_time_utc" {time} NOT NULL,
  "description" {text},
  "impersonate_as_community_user_allowed" {bool} NOT NULL,
  "impersonate_as_internal_user_allowed" {bool} NOT NULL,
  "impersonate_login_url" {text},
  "impersonate_logout_url" {text},
  "is_enabled" {bool} NOT NULL,
  "name" {text} NOT NULL,
  "notes" {text},
  "reference_tokens" {text} NOT NULL,
  "scope" {text},
  "system_user_allowed" {bool} NOT NULL,
  "system_user_login_url" {text},
  "system_user_id" {guid} REFERENCES "Sec_Users" ("id")
) {strict};
CREATE UNIQUE INDEX "sec_trusted_applications_application_uri" ON "Sec_Trusted_Applications" ("application_uri");
CREATE INDEX "sec_trusted_applications_external_id" ON "Sec_Trusted_Applications" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_external_system" ON "Sec_Trusted_Applications" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_updated_at" ON "Sec_Trusted_Applications" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_access_token_format" ON "Sec_Trusted_Applications" ("access_token_format" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_basic_authentication_allowed" ON "Sec_Trusted_Applications" ("basic_authentication_allowed" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_creation_time_utc" ON "Sec_Trusted_Applications" ("creation_time_utc" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_impersonate_as_community_user_allowed" ON "Sec_Trusted_Applications" ("impersonate_as_community_user_allowed" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_impersonate_as_internal_user_allowed" ON "Sec_Trusted_Applications" ("impersonate_as_internal_user_allowed" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_is_enabled" ON "Sec_Trusted_Applications" ("is_enabled" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_name" ON "Sec_Trusted_Applications" ("name" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_reference_tokens" ON "Sec_Trusted_Applications" ("reference_tokens" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_system_user_allowed" ON "Sec_Trusted_Applications" ("system_user_allowed" {nulls_first}, "id");
CREATE INDEX "sec_trusted_applications_system_user_id" ON "Sec_Trusted_Applications" ("system_user_id" {nulls_first}, "id");

CREATE TABLE "Sec_Trusted_Application_Authorizations" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "grant_time_utc" {time} NOT NULL,
  "is_revoked" {bool} NOT NULL,
  "notes" {text},
  "valid_from_utc" {time},
  "valid_until_utc" {time},
  "context_user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id"),
  "granting_user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id"),
  "trusted_application_id" {guid} NOT NULL REFERENCES "Sec_Trusted_Applications" ("id") ON DELETE CASCADE
) {strict};
CREATE INDEX "sec_authorizations_external_id" ON "Sec_Trusted_Application_Authorizations" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_external_system" ON "Sec_Trusted_Application_Authorizations" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_updated_at" ON "Sec_Trusted_Application_Authorizations" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_grant_time_utc" ON "Sec_Trusted_Application_Authorizations" ("grant_time_utc" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_valid_from_utc" ON "Sec_Trusted_Application_Authorizations" ("valid_from_utc" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_valid_until_utc" ON "Sec_Trusted_Application_Authorizations" ("valid_until_utc" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_context_user_id" ON "Sec_Trusted_Application_Authorizations" ("context_user_id" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_granting_user_id" ON "Sec_Trusted_Application_Authorizations" ("granting_user_id" {nulls_first}, "id");
CREATE INDEX "sec_authorizations_trusted_application_id" ON "Sec_Trusted_Application_Authorizations" ("trusted_application_id" {nulls_first}, "id");

CREATE TABLE "Sec_Access_Tokens" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "access_token_key" {text} NOT NULL,
  "actor" {text},
  "allowed_ip_addresses" {text},
  "authorized_ip_address" {text},
  "authorized_timestamp" {time},
  "client" {text},
  "consumed_timestamp" {time},
  "creation_timestamp" {time} NOT NULL,
  "data" {text},
  "description" {text},
  "expire_timestamp" {time},
  "kind" {text} NOT NULL,
  "last_used_ip_address" {text},
  "last_used_timestamp" {time},
  "revoked_timestamp" {time},
  "scopes" {text},
  "session" {text},
  "parent_id" {guid} REFERENCES "Sec_Access_Tokens" ("id"),
  "trusted_application_id" {guid} REFERENCES "Sec_Trusted_Applications" ("id"),
  "user_id" {guid} REFERENCES "Sec_Users" ("id")
) {strict};
CREATE UNIQUE INDEX "sec_access_tokens_access_token_key" ON "Sec_Access_Tokens" ("access_token_key");
CREATE INDEX "sec_access_tokens_external_id" ON "Sec_Access_Tokens" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_external_system" ON "Sec_Access_Tokens" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_updated_at" ON "Sec_Access_Tokens" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_actor" ON "Sec_Access_Tokens" ("actor" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_client" ON "Sec_Access_Tokens" ("client" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_consumed_timestamp" ON "Sec_Access_Tokens" ("consumed_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_creation_timestamp" ON "Sec_Access_Tokens" ("creation_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_expire_timestamp" ON "Sec_Access_Tokens" ("expire_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_kind" ON "Sec_Access_Tokens" ("kind" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_last_used_timestamp" ON "Sec_Access_Tokens" ("last_used_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_revoked_timestamp" ON "Sec_Access_Tokens" ("revoked_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_session" ON "Sec_Access_Tokens" ("session" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_parent_id" ON "Sec_Access_Tokens" ("parent_id" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_trusted_application_id" ON "Sec_Access_Tokens" ("trusted_application_id" {nulls_first}, "id");
CREATE INDEX "sec_access_tokens_user_id" ON "Sec_Access_Tokens" ("user_id" {nulls_first}, "id");

CREATE TABLE "Sec_Access_Token_Scopes" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "scope" {text} NOT NULL,
  "last_used_timestamp" {time},
  "access_token_id" {guid} NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE
) {strict};
CREATE INDEX "sec_access_token_scopes_external_id" ON "Sec_Access_Token_Scopes" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_access_token_scopes_external_system" ON "Sec_Access_Token_Scopes" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_access_token_scopes_updated_at" ON "Sec_Access_Token_Scopes" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_access_token_scopes_scope" ON "Sec_Access_Token_Scopes" ("scope" {nulls_first}, "access_token_id");
CREATE INDEX "sec_access_token_scopes_last_used_timestamp" ON "Sec_Access_Token_Scopes" ("last_used_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_token_scopes_access_token_id" ON "Sec_Access_Token_Scopes" ("access_token_id" {nulls_first}, "id");

-- Facts about this registry, by name.
CREATE TABLE "grantor_facts" ("name" {text} PRIMARY KEY NOT NULL, "value" {text} NOT NULL) {strict};

-- Signing keys; the private keys are sealed.
CREATE TABLE "grantor_signing_keys" (
  "id" {text} PRIMARY KEY NOT NULL,
  "algorithm" {text} NOT NULL,
  "sealed" {text} NOT NULL,
  "created_at" {time} NOT NULL,
  "retired_at" {time}
) {strict};

-- Sessions of the pages; only the hash of the cookie's secret is stored.
CREATE TABLE "grantor_sessions" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "secret_hash" {text} NOT NULL,
  "csrf" {text} NOT NULL,
  "user_id" {guid} NOT NULL REFERENCES "Sec_Users" ("id"),
  "address" {text} NOT NULL,
  "created_at" {time} NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE UNIQUE INDEX "grantor_sessions_secret_hash" ON "grantor_sessions" ("secret_hash");
CREATE INDEX "grantor_sessions_user_id" ON "grantor_sessions" ("user_id");
CREATE INDEX "grantor_sessions_expires_at" ON "grantor_sessions" ("expires_at");

-- User codes of device grants that have not expired.
CREATE TABLE "grantor_user_codes" (
  "code_hash" {text} PRIMARY KEY NOT NULL,
  "access_token_id" {guid} NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_user_codes_access_token_id" ON "grantor_user_codes" ("access_token_id");
CREATE INDEX "grantor_user_codes_expires_at" ON "grantor_user_codes" ("expires_at");
