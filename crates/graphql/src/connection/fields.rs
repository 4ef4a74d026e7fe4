//! Fields that are connections.

/// Declares an object of which every field is a connection. Another object includes its fields with
/// `#[graphql(flatten)]`. An entry has the name of the field, the type of its rows, the entity of the rows, the scope
/// that a token needs for it, if any, and the function that resolves it from `(&object, context, arguments)`.
macro_rules! connections {
    ($object:ident: $($(#[$doc:meta])* $field:ident: $row:ty, of $entity:ty, $(needs $scope:ident,)? by $resolve:path;)+) => {
        #[async_graphql::Object]
        impl $object {
            $(
                $(#[$doc])*
                $(#[graphql(directive = $crate::scope::requires_scope::apply(authority::scopes::$scope.to_owned()))])?
                #[allow(clippy::too_many_arguments, reason = "they are the arguments of connections")]
                async fn $field(
                    &self,
                    context: &async_graphql::Context<'_>,
                    #[graphql(desc = "The number of rows from the beginning")] first: Option<i32>,
                    #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
                    #[graphql(desc = "The number of rows from the end")] last: Option<i32>,
                    #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
                    #[graphql(desc = "The condition for the rows")] filter: Option<$crate::model_types::Filter<$entity>>,
                    #[graphql(desc = "The order of the rows")] order_by: Option<Vec<$crate::model_types::Order<$entity>>>,
                ) -> $crate::error::Nullable<$crate::connection::Connection<$row>> {
                    let paging = $crate::connection::Paging { first, after, last, before };
                    let arguments = $crate::connection::ConnectionArguments::new(filter, order_by, paging);
                    $crate::error::nullable($resolve(self, context, arguments).await.map(Some))
                }
            )+
        }
    };
}
pub(crate) use connections;
