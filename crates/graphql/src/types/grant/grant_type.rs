//! The fields that every type of grant has. The types are resolved where the macro is used.

/// Declares a type for some kinds of grants, with the fields of every grant and its own. A kind that is exchanged `once`
/// also has the time of the exchange. A kind that is `decided` by a user also has the time and address of the decision.
macro_rules! grant_type {
    ($(#[$($doc:tt)*])* $name:ident = $shown:tt, $node:ident, once { $($own:tt)* }) => {
        grant_type! {
            $(#[$($doc)*])*
            $name = $shown, $node {
                /// The time when it was exchanged
                async fn consumed_at(&self) -> Option<DateTime> {
                    self.0.consumed_at
                }

                $($own)*
            }
        }
    };
    ($(#[$($doc:tt)*])* $name:ident = $shown:tt, $node:ident, decided { $($own:tt)* }) => {
        grant_type! {
            $(#[$($doc)*])*
            $name = $shown, $node, once {
                /// The time when a user approved it
                async fn authorized_at(&self) -> Option<DateTime> {
                    self.0.authorized_at
                }

                /// The IP address from which a user approved it
                #[graphql(name = "authorizedIPAddress")]
                async fn authorized_ip_address(&self) -> Option<&str> {
                    self.0.authorized_ip_address.as_deref()
                }

                $($own)*
            }
        }
    };
    ($(#[$($doc:tt)*])* $name:ident = $shown:tt, $node:ident { $($own:tt)* }) => {
        pub(crate) struct $name(GrantRow);

        $(#[$($doc)*])*
        #[Object(name = $shown)]
        impl $name {
            pub(crate) async fn id(&self) -> ID {
                NodeType::$node.id(self.0.id)
            }

            /// The identifier of the grant's row in the registry
            async fn uuid(&self) -> ID {
                self.0.id.into()
            }

            /// The kind of the grant
            async fn kind(&self) -> GrantKind {
                ModelEnum(self.0.kind)
            }

            /// The purpose of the grant
            async fn description(&self) -> Option<&str> {
                self.0.description.as_deref()
            }

            /// The scopes of the grant
            async fn scopes(&self) -> &[String] {
                &self.0.scopes
            }

            /// The scopes of the grant, one row each, with the time when a request last needed it
            async fn granted_scopes(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "The number of rows from the beginning")] first: Option<i32>,
                #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
                #[graphql(desc = "The number of rows from the end")] last: Option<i32>,
                #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
            ) -> Nullable<Connection<GrantedScope>> {
                nullable(self.0.granted_scopes(context, Paging { first, after, last, before }).await)
            }

            /// The time when the grant was created
            async fn created_at(&self) -> DateTime {
                self.0.created_at
            }

            /// The time when the grant expires; null if it does not expire
            async fn expires_at(&self) -> Option<DateTime> {
                self.0.expires_at
            }

            /// Whether the grant can be used, and why not
            async fn state(&self, context: &Context<'_>) -> Nullable<GrantState> {
                nullable(self.0.state(context).await)
            }

            /// The time when the grant was revoked
            async fn revoked_at(&self) -> Option<DateTime> {
                self.0.revoked_at
            }

            /// The reason for the revocation
            async fn revocation_reason(&self) -> Option<RevocationReason> {
                self.0.revocation_reason.map(ModelEnum)
            }

            /// The application to which the grant was given
            async fn application(&self, context: &Context<'_>) -> Nullable<ApiApplication> {
                nullable(self.0.application(context).await)
            }

            /// The user for whom the grant acts
            async fn owner(&self, context: &Context<'_>) -> Nullable<User> {
                nullable(self.0.owner(context).await)
            }

            /// The grant from which this grant was created
            async fn parent(&self, context: &Context<'_>) -> Nullable<Grant> {
                nullable(self.0.parent(context).await)
            }

            /// The grants that were created from this grant; they end with it
            #[allow(clippy::too_many_arguments, reason = "they are the arguments of connections")]
            async fn children(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "The number of rows from the beginning")] first: Option<i32>,
                #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
                #[graphql(desc = "The number of rows from the end")] last: Option<i32>,
                #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
                #[graphql(desc = "The condition for the rows")] filter: Option<Filter<AccessToken>>,
                #[graphql(desc = "The order of the rows")] order_by: Option<Vec<Order<AccessToken>>>,
            ) -> Nullable<Connection<Grant>> {
                let paging = Paging { first, after, last, before };
                let arguments = ConnectionArguments::new(filter, order_by, paging);
                nullable(self.0.children(context, arguments).await)
            }

            $($own)*
        }
    };
}

pub(super) use grant_type;
