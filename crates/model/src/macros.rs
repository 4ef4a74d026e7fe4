use std::fmt::Formatter;

use crate::{Property, Record, Value};

/// Removes the space between the slashes and the text of a doc comment.
pub const fn trimmed(doc: &'static str) -> &'static str {
    match doc.as_bytes() {
        [b' ', ..] => doc.split_at(1).1,
        _ => doc,
    }
}

/// Returns the scope of an enumeration, if its declaration has one.
pub const fn scope(scope: &[&'static str]) -> Option<&'static str> {
    match scope {
        [scope] => Some(*scope),
        _ => None,
    }
}

/// Formats a record for logs and tests, without the values of secret and sealed attributes.
pub fn debug<R: Record>(record: &R, f: &mut Formatter<'_>) -> std::fmt::Result {
    let mut shown = f.debug_struct(R::entity().singular);
    for ((_, property), value) in R::entity().columns().zip(record.to_values()) {
        let secret =
            matches!(property, Property::Attribute(attribute) if attribute.secret || attribute.sealed);
        match value {
            Value::Null => continue,
            _ if secret => shown.field(property.name(), &format_args!("…")),
            value => shown.field(property.name(), &value),
        };
    }
    shown.finish_non_exhaustive()
}

/// Declares an entity: its typed record and its definition in the model. See any file of
/// [`entities`](mod@crate::entities) for the syntax.
///
/// A field's Rust type determines the attribute's data type and nullability. Each word after it calls a
/// builder method of [`Attribute`](crate::Attribute).
#[macro_export]
macro_rules! entity {
    (
        $(#[doc = $doc:literal])+
        $set:ident of $record:ident in $namespace:literal
            $(, $word:ident $(( $($arg:expr),* ))? )* ;

        attributes { $(
            $(#[doc = $a_doc:literal])+
            $a_name:ident as $a_field:ident : $a_ty:ty $(, $a_word:ident $(( $($a_arg:expr),* ))? )* ;
        )* }
        $( views { $(
            $(#[doc = $v_doc:literal])+
            $v_name:ident of $v_field:ident : $v_ty:ty $(, $v_word:ident $(( $($v_arg:expr),* ))? )* ;
        )* } )?
        $( references { $(
            $(#[doc = $r_doc:literal])+
            $r_name:ident as $r_field:ident : $r_ty:ty => $r_target:ty $(, $r_word:ident $(( $($r_arg:expr),* ))? )* ;
        )* } )?
        $( collections { $(
            $(#[doc = $c_doc:literal])+
            $c_name:ident of $c_target:ty, via($c_via:ident) $(, since($c_since:literal))? ;
        )* } )?
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq)]
        pub struct $record {
            /// Identifier of the row.
            pub id: $crate::Uuid,
            /// Version of the row, starting at 1 and incremented on each change.
            pub object_version: i32,
            /// Identifier in an external system.
            pub external_id: Option<String>,
            /// Name of the external system.
            pub external_system: Option<String>,
            /// Time of the last change.
            pub updated_at: Option<$crate::Timestamp>,
            $( $(#[doc = $a_doc])+ pub $a_field: $a_ty, )*
            $($( $(#[doc = $r_doc])+ pub $r_field: $r_ty, )*)?
        }

        #[allow(non_upper_case_globals, missing_docs)]
        impl $record {
            pub const Id: $crate::Column = $crate::Column($crate::Attribute::ID_COLUMN);
            $( pub const $a_name: $crate::Column = $crate::Column(stringify!($a_field)); )*
            $($( pub const $r_name: $crate::Column = $crate::Column(stringify!($r_field)); )*)?
        }

        impl $record {
            /// Creates a row at `now`. Each attribute has its declared default, or null, or, if it is required
            /// and has no default, the empty value of its type, which the caller replaces.
            pub fn new(id: $crate::Uuid, now: $crate::Timestamp) -> Self {
                let mut defaults = <Self as $crate::Record>::entity().defaults();
                let mut next = || defaults.next().flatten();
                Self {
                    id,
                    object_version: 1,
                    external_id: None,
                    external_system: None,
                    updated_at: Some(now),
                    $( $a_field: <$a_ty as $crate::Field>::initial(next(), now), )*
                    $($( $r_field: <$r_ty as $crate::Field>::initial(None, now), )*)?
                }
            }
        }

        impl std::fmt::Debug for $record {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::macros::debug(self, f)
            }
        }

        impl $crate::Record for $record {
            fn entity() -> &'static $crate::Entity {
                static ATTRIBUTES: &[$crate::Attribute] = &[
                    $( $crate::Attribute::new::<$a_ty>(
                        stringify!($a_name),
                        stringify!($a_field),
                        $crate::macros::trimmed(concat!($($a_doc),+)),
                    ) $( .$a_word( $($($a_arg),*)? ) )* , )*
                ];
                static VIEWS: &[$crate::Attribute] = &[$($(
                    $crate::Attribute::new::<$v_ty>(
                        stringify!($v_name),
                        stringify!($v_field),
                        $crate::macros::trimmed(concat!($($v_doc),+)),
                    ) $( .$v_word( $($($v_arg),*)? ) )* ,
                )*)?];
                static REFERENCES: &[$crate::Reference] = &[$($(
                    $crate::Reference::new::<$r_ty>(
                        stringify!($r_name),
                        stringify!($r_field),
                        <$r_target as $crate::Record>::entity,
                        $crate::macros::trimmed(concat!($($r_doc),+)),
                    ) $( .$r_word( $($($r_arg),*)? ) )* ,
                )*)?];
                static COLLECTIONS: &[$crate::Collection] = &[$($(
                    $crate::Collection {
                        name: stringify!($c_name),
                        target: <$c_target as $crate::Record>::entity,
                        via: stringify!($c_via),
                        since: $crate::entity!(@since $($c_since)?),
                        description: $crate::macros::trimmed(concat!($($c_doc),+)),
                    },
                )*)?];
                static ENTITY: $crate::Entity = $crate::Entity::new(
                    $namespace,
                    stringify!($set),
                    stringify!($record),
                    $crate::macros::trimmed(concat!($($doc),+)),
                    $crate::entity::Members {
                        attributes: ATTRIBUTES,
                        views: VIEWS,
                        references: REFERENCES,
                        collections: COLLECTIONS,
                    },
                ) $( .$word( $($($arg),*)? ) )*;
                &ENTITY
            }

            fn id(&self) -> $crate::Uuid {
                self.id
            }

            fn to_values(&self) -> Vec<$crate::Value> {
                use $crate::Field as _;
                vec![
                    self.id.to_value(),
                    self.object_version.to_value(),
                    self.external_id.to_value(),
                    self.external_system.to_value(),
                    self.updated_at.to_value(),
                    $( self.$a_field.to_value(), )*
                    $($( self.$r_field.to_value(), )*)?
                ]
            }

            fn from_values(
                values: &mut dyn Iterator<Item = $crate::Value>,
            ) -> Result<Self, $crate::DecodeError> {
                use $crate::Field as _;
                let mut next = || values.next().ok_or($crate::DecodeError { expected: "whole row" });
                Ok(Self {
                    id: $crate::Uuid::from_value(next()?)?,
                    object_version: i32::from_value(next()?)?,
                    external_id: Option::from_value(next()?)?,
                    external_system: Option::from_value(next()?)?,
                    updated_at: Option::from_value(next()?)?,
                    $( $a_field: <$a_ty>::from_value(next()?)?, )*
                    $($( $r_field: <$r_ty>::from_value(next()?)?, )*)?
                })
            }
        }
    };
    (@since) => { None };
    (@since $version:literal) => { Some($version) };
}
