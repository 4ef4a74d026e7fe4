use crate::Value;

/// How a member of an enumeration is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// As text, such as `INT`.
    Text(&'static str),
    /// As a number, such as `3`.
    Int(i64),
}

impl Code {
    /// The value that stands in the registry.
    pub fn value(self) -> Value {
        match self {
            Self::Text(code) => Value::Text(code.to_owned()),
            Self::Int(code) => Value::Int(code),
        }
    }
}

/// One member of an enumeration.
#[derive(Debug)]
pub struct Member {
    /// The name that APIs use.
    pub name: &'static str,
    /// What stands in the registry.
    pub code: Code,
    /// What the member means; product text.
    pub description: &'static str,
}

/// An enumeration that attributes can have as their type.
#[derive(Debug)]
pub struct EnumType {
    /// The name, such as `GrantKind`.
    pub name: &'static str,
    /// What the enumeration tells apart; product text.
    pub description: &'static str,
    /// The members in their declared order.
    pub members: &'static [Member],
}

impl EnumType {
    /// Finds a member by its API name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Finds a member by what is stored.
    pub fn stored(&self, value: &Value) -> Option<&'static Member> {
        self.members.iter().find(|member| match (member.code, value) {
            (Code::Text(code), Value::Text(text)) => code == text,
            (Code::Int(code), Value::Int(number)) => code == *number,
            _ => false,
        })
    }
}

/// A Rust enum that an attribute can have as its type.
pub trait Enumeration: Copy + Send + Sync + 'static {
    /// The type as the model describes it.
    const TYPE: &'static EnumType;
    /// The name that APIs use.
    fn name(self) -> &'static str;
    /// The member with this API name.
    fn from_name(name: &str) -> Option<Self>;
}

/// Declares an enumeration: the Rust enum, its stored codes and its documented members.
#[macro_export]
macro_rules! enumeration {
    ($(#[doc = $doc:literal])+ $vis:vis enum $name:ident {
        $( $(#[doc = $member_doc:literal])+ $member:ident = $code:literal, )+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $( $(#[doc = $member_doc])+ $member, )+ }

        impl $name {
            /// Every member, in its declared order.
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            /// The type as the model describes it.
            pub const TYPE: &'static $crate::EnumType = &$crate::EnumType {
                name: stringify!($name),
                description: $crate::macros::trimmed(concat!($($doc),+)),
                members: &[$( $crate::Member {
                    name: stringify!($member),
                    code: $crate::Code::Text($code),
                    description: $crate::macros::trimmed(concat!($($member_doc),+)),
                }, )+],
            };

            /// The name that APIs use.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$member => stringify!($member), )+ }
            }

            /// The code that stands in the registry.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$member => $code, )+ }
            }

            /// The member with this API name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( stringify!($member) => Some(Self::$member), )+ _ => None }
            }

            /// The member that is stored as this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some(Self::$member), )+ _ => None }
            }
        }

        impl $crate::Enumeration for $name {
            const TYPE: &'static $crate::EnumType = $name::TYPE;
            fn name(self) -> &'static str {
                $name::name(self)
            }
            fn from_name(name: &str) -> Option<Self> {
                $name::from_name(name)
            }
        }

        impl $crate::Field for $name {
            const TYPE: $crate::DataType = $crate::DataType::Enum($name::TYPE);
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(self.code().to_owned())
            }
            fn from_value(value: $crate::Value) -> Result<Self, $crate::DecodeError> {
                value.as_text().and_then(Self::from_code).ok_or($crate::DecodeError { expected: stringify!($name) })
            }
        }
    };
}
