//! The context of resolvers: the request, its caller, and the batch loaders of its reads.

use std::sync::Arc;

use async_graphql::Context;
use authority::{Caller, Ctx, Fault, Reason};

use super::loaders::Loaders;

/// The data that every resolver needs: the context of the request, its caller, and the batch loaders.
#[derive(Clone)]
pub(super) struct ResolverContext {
    pub(super) ctx: Ctx,
    pub(super) caller: Caller,
    pub(super) loaders: Arc<Loaders>,
}

impl ResolverContext {
    pub(super) fn new(ctx: Ctx, caller: Caller) -> Self {
        let loaders = Arc::new(Loaders::new(ctx.clone(), caller.clone()));
        Self { ctx, caller, loaders }
    }

    /// Returns the context of another operation, which shares no batch with this one.
    pub(super) fn with_new_loaders(&self) -> Self {
        Self::new(self.ctx.clone(), self.caller.clone())
    }

    /// Returns the context at the current time, for a stream that lasts longer than its request.
    ///
    /// # Errors
    /// As [`Caller::renewed`].
    pub(super) async fn renewed(&self) -> Result<Self, Fault> {
        let ctx = self.ctx.clone().at(clock::now());
        let caller = self.caller.renewed(&ctx).await?;
        Ok(Self::new(ctx, caller))
    }

    /// Returns the context of a request, with or without credentials.
    pub(super) fn find_ctx<'a>(context: &Context<'a>) -> Result<&'a Ctx, Fault> {
        context
            .data_opt::<Ctx>()
            .map_or_else(|| Self::from_context(context).map(|resolver| &resolver.ctx), Ok)
    }

    /// Returns the context that a resolver runs in.
    pub(super) fn from_context<'a>(context: &Context<'a>) -> Result<&'a Self, Fault> {
        context.data_opt().ok_or(Fault::Unauthenticated(Reason::Missing))
    }
}
