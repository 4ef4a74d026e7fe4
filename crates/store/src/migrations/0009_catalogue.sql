-- The catalogue: scopes, and the resource servers to which they apply.

CREATE TABLE "Sec_Scopes" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "administrators_only" {bool} NOT NULL,
  "description" {text},
  "display_name" {text} NOT NULL,
  "is_active" {bool} NOT NULL,
  "is_built_in" {bool} NOT NULL,
  "is_default" {bool} NOT NULL,
  "is_listed" {bool} NOT NULL,
  "is_reserved" {bool} NOT NULL,
  "name" {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX "sec_scopes_name" ON "Sec_Scopes" ("name");
CREATE INDEX "sec_scopes_external_id" ON "Sec_Scopes" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_scopes_external_system" ON "Sec_Scopes" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_scopes_updated_at" ON "Sec_Scopes" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_scopes_display_name" ON "Sec_Scopes" ("display_name" {nulls_first}, "id");
CREATE INDEX "sec_scopes_is_active" ON "Sec_Scopes" ("is_active" {nulls_first}, "id");

CREATE TABLE "Sec_Resources" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "access_token_format" {text},
  "access_token_lifetime" {int},
  "description" {text},
  "identifier" {text} NOT NULL,
  "is_active" {bool} NOT NULL,
  "name" {text} NOT NULL,
  "scope" {text}
) {strict};
CREATE UNIQUE INDEX "sec_resources_identifier" ON "Sec_Resources" ("identifier");
CREATE INDEX "sec_resources_external_id" ON "Sec_Resources" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_resources_external_system" ON "Sec_Resources" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_resources_updated_at" ON "Sec_Resources" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_resources_is_active" ON "Sec_Resources" ("is_active" {nulls_first}, "id");
CREATE INDEX "sec_resources_name" ON "Sec_Resources" ("name" {nulls_first}, "id");

-- A single row, incremented with every change of the two tables above, by which programs invalidate their caches.
CREATE TABLE "grantor_catalogue" ("id" {int} PRIMARY KEY NOT NULL, "version" {int} NOT NULL) {strict};
INSERT INTO "grantor_catalogue" ("id", "version") VALUES (1, 1);

-- The previous secret of an application remains valid during a rotation.
ALTER TABLE "Sec_Trusted_Applications" ADD COLUMN "former_secret_hash" {text};
ALTER TABLE "Sec_Trusted_Applications" ADD COLUMN "former_secret_until_utc" {time};
ALTER TABLE "grantor_client_secrets" ADD COLUMN "former_sealed" {text};
