//! Connections (Relay cursor connections).

mod arguments;
mod fields;
mod paging;

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Object, OutputType, TypeName};
use authority::Fault;
use authority::registry::query;
use model::Uuid;
use model::query::Query;

pub(crate) use arguments::ConnectionArguments;
pub(crate) use fields::connections;
use paging::Window;
pub(crate) use paging::{DEFAULT_PAGE, MAX_PAGE, Paging};

use crate::context::ResolverContext;
use crate::loaders::PageKey;
use crate::row::{FromRow, Row};

/// A page of rows, with its cursors.
pub(crate) struct Connection<T> {
    edges: Vec<Edge<T>>,
    info: PageInfo,
    total: Option<u64>,
}

/// A row of a connection, with its cursor.
pub(crate) struct Edge<T> {
    cursor: String,
    node: T,
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", T::type_name()))
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", T::type_name()))
    }
}

/// A page of rows, with its cursors
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The rows, each with its cursor
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The rows
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// The position of the page among all rows
    async fn page_info(&self) -> PageInfo {
        let PageInfo { has_previous_page, has_next_page, start_cursor, end_cursor } = &self.info;
        PageInfo {
            has_previous_page: *has_previous_page,
            has_next_page: *has_next_page,
            start_cursor: start_cursor.clone(),
            end_cursor: end_cursor.clone(),
        }
    }

    /// The number of rows on all pages; the rows are counted only if this field is selected
    async fn total_count(&self) -> u64 {
        self.total.unwrap_or_default()
    }
}

/// A row of a connection, with its cursor
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// The position of the row, for 'after' and 'before'
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row
    async fn node(&self) -> &T {
        &self.node
    }
}

/// The parts of a connection that are selected, and so have to be read.
struct Wanted {
    rows: bool,
    total: bool,
}

impl Wanted {
    fn from_selection(context: &Context<'_>) -> Self {
        let field = context.look_ahead();
        let asks = |name: &str| field.field(name).exists();
        Self { rows: asks("edges") || asks("nodes") || asks("pageInfo"), total: asks("totalCount") }
    }
}

fn open_window<T: FromRow>(
    resolver: &ResolverContext,
    ConnectionArguments { filter, order_by, paging }: ConnectionArguments,
) -> Result<Window, Fault> {
    let select = T::PROPERTIES.iter().map(|name| (*name).to_owned()).collect();
    let query = Query { filter, order_by, select, ..Query::default() };
    let all = query::bind(&resolver.ctx, &resolver.caller, T::entity(), &query)?;
    Window::open(resolver, all, &paging)
}

/// Returns the connection of the rows that meet a condition.
pub(crate) async fn list<T: FromRow>(
    context: &Context<'_>,
    arguments: ConnectionArguments,
) -> Result<Connection<T>, Fault> {
    let resolver = ResolverContext::from_context(context)?;
    let window = open_window::<T>(resolver, arguments)?;
    let wanted = Wanted::from_selection(context);
    let total = if wanted.total { Some(query::count(&resolver.ctx, &window.all).await?) } else { None };
    let page =
        if wanted.rows { query::fetch(&resolver.ctx, &window.entered()).await? } else { Default::default() };
    connection(resolver, &window, page.objects, page.next.is_some(), total)
}

/// Returns the connection of the rows of one owner that meet a condition. The rows of other owners that the same field
/// requests are read in the same batch.
pub(crate) async fn children<T: FromRow>(
    context: &Context<'_>,
    via: &str,
    owner: Uuid,
    arguments: ConnectionArguments,
) -> Result<Connection<T>, Fault> {
    let via = T::entity().reference(via);
    let via =
        via.ok_or_else(|| Fault::Internal(format!("a {} has no such reference", T::entity().singular)))?;
    let resolver = ResolverContext::from_context(context)?;
    let window = open_window::<T>(resolver, arguments)?;
    let wanted = Wanted::from_selection(context);
    let key = |query| PageKey { field: context.item.pos, via, query: Arc::new(query), owner };
    let total =
        if wanted.total { Some(resolver.loaders.count(key(window.all.clone())).await?) } else { None };
    let page = if wanted.rows {
        (*resolver.loaders.page(key(window.limited())).await?).clone()
    } else {
        Default::default()
    };
    connection(resolver, &window, page.objects, page.next.is_some(), total)
}

fn connection<T: FromRow>(
    resolver: &ResolverContext,
    window: &Window,
    rows: Vec<model::query::Object>,
    more: bool,
    total: Option<u64>,
) -> Result<Connection<T>, Fault> {
    let page = window.shown(resolver, rows, more);
    let edge = |(cursor, row)| Ok::<_, Fault>(Edge { cursor, node: T::from_row(&Row::from_object(row))? });
    Ok(Connection {
        edges: page.rows.into_iter().map(edge).collect::<Result<_, _>>()?,
        info: page.info,
        total,
    })
}
