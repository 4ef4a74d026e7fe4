//! Random filters match the same rows as naive evaluation in memory.

use model::entities::{AccessToken, AccessTokenScope, TrustedApplication, User};
use model::query::{Actor, Comparison, Condition, Literal, Query, Search, TextCase, TextTest, TimePart};
use model::{DataType, Entity, Filters, Property, Record};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest::test_runner::{Config, TestRunner};
use store::StoreError;

use crate::engine::TestEngine;
use crate::question::{and, bind, filtered, not, text, time};
use crate::sample::*;
use crate::world::{MOMENTS, Rows, SCOPES, TEXTS, USERS};

const CASES: u32 = 400;

fn literals(data_type: DataType) -> Vec<Literal> {
    let mut literals = match data_type {
        DataType::Text => TEXTS.into_iter().chain(SCOPES).map(text).collect(),
        DataType::DateTime => MOMENTS.map(time).to_vec(),
        DataType::Guid => (0..10).map(|number| Literal::Guid(id(number))).collect(),
        DataType::Int32 => [-1, 0, 1, 2, i64::MAX].map(Literal::Int).to_vec(),
        DataType::Bool => vec![Literal::Bool(true), Literal::Bool(false)],
        DataType::Enum(kind) => kind.members.iter().map(|member| text(member.name)).collect(),
    };
    literals.push(Literal::Null);
    literals
}

/// Returns all values to compare with a property.
fn comparisons(path: Vec<String>, property: Property) -> BoxedStrategy<Condition> {
    let mut operators = Vec::new();
    if property.served_filters().allows(Filters::EQUALS) {
        operators.extend([Comparison::Eq, Comparison::Ne]);
    }
    if property.served_filters().allows(Filters::RANGE) {
        operators.extend([Comparison::Gt, Comparison::Ge, Comparison::Lt, Comparison::Le]);
    }
    let literal = select(literals(property.data_type()));
    let (of_compare, of_in, of_text, of_part) = (path.clone(), path.clone(), path.clone(), path.clone());
    let (of_null, of_mention) = (path.clone(), path);
    let compare = (select(operators.clone()), literal.clone(), any::<bool>()).prop_map(
        move |(operator, literal, or_null)| {
            let path = of_compare.clone();
            if or_null {
                Condition::OrNull(path, operator, literal)
            } else {
                Condition::Compare(path, operator, literal)
            }
        },
    );
    let mut choices = vec![compare.boxed()];
    if property.nullable() && property.served_filters().allows_null() {
        let null = select(vec![Comparison::Eq, Comparison::Ne])
            .prop_map(move |operator| Condition::Compare(of_null.clone(), operator, Literal::Null));
        choices.push(null.boxed());
    }
    if property.served_filters().allows_in() {
        let some = prop::collection::vec(literal, 0..4);
        choices.push(some.prop_map(move |literals| Condition::In(of_in.clone(), literals)).boxed());
    }
    if property.served_filters().allows(Filters::LIKE) {
        use TextCase::{AsIs, Lower, Upper};
        let tests =
            select(vec![TextTest::Contains, TextTest::StartsWith, TextTest::EndsWith, TextTest::Equals]);
        let cases = select(vec![AsIs, Lower, Upper]);
        let text = (tests, select(TEXTS.to_vec()), cases).prop_map(move |(test, text, case)| {
            Condition::Text { path: of_text.clone(), test, text: case.apply(text), case }
        });
        choices.push(text.boxed());
    }
    if let (DataType::DateTime, true) =
        (property.data_type(), property.served_filters().allows(Filters::RANGE))
    {
        let part =
            (select(TimePart::ALL.to_vec()), any_comparison(), prop::option::weighted(0.9, 0_usize..9));
        let part = part.prop_map(move |(part, comparison, number)| {
            Condition::Part(of_part.clone(), part, comparison, number.map(|number| part_number(part, number)))
        });
        choices.push(part.boxed());
    }
    if let Property::Reference(_) = property {
        let terms = select(terms());
        let mention = terms.prop_map(move |text| Condition::Text {
            path: of_mention.clone(),
            test: TextTest::Contains,
            text,
            case: TextCase::AsIs,
        });
        choices.push(mention.boxed());
    }
    Union::new(choices).boxed()
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    select(vec![Eq, Ne, Gt, Ge, Lt, Le])
}

/// Returns a number that is, or is next to, a part of one of the world's times.
fn part_number(part: TimePart, which: usize) -> i64 {
    let moment = MOMENTS[which % MOMENTS.len()];
    part.extract(moment) + i64::try_from(which % 3).unwrap() - 1
}

/// Returns the search terms for the rows of an entity: texts, and values that identify rows.
fn terms() -> Vec<String> {
    let keys = (0..6).flat_map(|number| [id(number).to_string(), grant(number).access_token_key]);
    let words = TEXTS.into_iter().chain(SCOPES).map(str::to_owned);
    words.chain(keys).collect()
}

/// Returns a random search.
pub(crate) fn search() -> BoxedStrategy<Search> {
    select(terms())
        .prop_map(Search::Term)
        .prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|inner| Search::Not(Box::new(inner))),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Search::And),
                prop::collection::vec(inner, 1..4).prop_map(Search::Or),
            ]
        })
        .boxed()
}

/// Returns the paths along references from an entity, with the entity at the end of each.
fn ways(entity: &'static Entity, depth: usize) -> Vec<(Vec<String>, &'static Entity)> {
    let mut all = vec![(Vec::new(), entity)];
    if depth > 0 {
        for reference in entity.references() {
            for (mut way, end) in ways(reference.target(), depth - 1) {
                way.insert(0, reference.name.to_owned());
                all.push((way, end));
            }
        }
    }
    all
}

fn joined(way: &[String], name: &str) -> Vec<String> {
    way.iter().cloned().chain([name.to_owned()]).collect()
}

/// Returns a random condition on the rows of an entity; `depth` limits the nesting of collections.
pub(crate) fn condition(entity: &'static Entity, depth: usize) -> BoxedStrategy<Condition> {
    let mut leaves = Vec::new();
    let mut collections = Vec::new();
    for (way, end) in ways(entity, depth) {
        let filterable = |property: &Property| {
            property.column().is_some()
                && end.property(property.name()).is_some()
                && property.served_filters() != Filters::NONE
        };
        let properties = end.properties().filter(filterable);
        leaves.extend(properties.map(|property| comparisons(joined(&way, property.name()), property)));
        if depth > 0 {
            collections.extend(
                end.collections().iter().map(|collection| (joined(&way, collection.name), collection)),
            );
        }
    }
    let mentions = search().prop_map(Condition::Mentions).boxed();
    let mut choices = vec![(12, Union::new(leaves).boxed()), (1, mentions)];
    for (path, collection) in collections {
        let inner = condition(collection.target(), depth - 1);
        let lambda =
            (0..8, inner, any_comparison(), -1..5_i64).prop_map(move |(which, inner, comparison, number)| {
                match which {
                    5 => Condition::Count(path.clone(), None, comparison, number),
                    6 | 7 => Condition::Count(path.clone(), Some(Box::new(inner)), comparison, number),
                    0 => Condition::Any(path.clone(), None),
                    1 | 2 => Condition::Any(path.clone(), Some(Box::new(inner))),
                    _ => Condition::All(path.clone(), Box::new(inner)),
                }
            });
        choices.push((1, lambda.boxed()));
    }
    let leaf = Union::new_weighted(choices);
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| and(left, right)),
            (inner.clone(), inner.clone())
                .prop_map(|(left, right)| Condition::Or(Box::new(left), Box::new(right))),
            inner.prop_map(not),
            any::<bool>().prop_map(Condition::Constant),
        ]
    })
    .boxed()
}

/// Runs random filters on an entity's rows and compares the results with naive evaluation.
async fn compare_random<R: Record>(engine: &TestEngine, seed: u64) {
    let store = engine.open().await;
    let rows = Rows::new(seed);
    rows.write_to(&store).await;
    let world = rows.world();
    let runtime = tokio::runtime::Handle::current();
    let actors =
        (0..USERS).map(|number| Actor::user(id(number))).chain([Actor::SYSTEM; 8]).collect::<Vec<_>>();
    let checking = move || {
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        runner
            .run(
                &(condition(R::entity(), 2), prop::option::weighted(0.2, search()), select(actors)),
                |(filter, search, actor)| {
                    let bound = bind(R::entity(), &Query { count: true, search, ..filtered(filter) }, actor);
                    let wanted = world.rows(R::entity(), bound.filter());
                    let page: Result<_, StoreError> =
                        runtime.block_on(store.read(move |read| read.page(&bound)));
                    let page = page.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    let mut found: Vec<_> = page.objects.iter().map(|object| object.id).collect();
                    // A range is returned in the order of its attribute.
                    found.sort_unstable();
                    prop_assert_eq!(page.count, Some(wanted.len() as u64));
                    prop_assert_eq!(found, wanted);
                    Ok(())
                },
            )
            .unwrap_or_else(|failure| panic!("{failure}"));
    };
    tokio::task::spawn_blocking(checking).await.unwrap();
}

both_engines! {
    async fn random_filters_of_grants(engine: TestEngine) {
        compare_random::<AccessToken>(&engine, 1).await;
    }

    async fn random_filters_of_users(engine: TestEngine) {
        compare_random::<User>(&engine, 2).await;
    }

    async fn random_filters_of_applications(engine: TestEngine) {
        compare_random::<TrustedApplication>(&engine, 3).await;
    }

    async fn random_filters_of_scopes(engine: TestEngine) {
        compare_random::<AccessTokenScope>(&engine, 4).await;
    }
}
