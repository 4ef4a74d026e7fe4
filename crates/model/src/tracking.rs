/// Level of change tracking of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tracking {
    /// No tracking.
    Nothing = 0,
    /// The last change.
    LastChange = 1,
    /// Every change, without values.
    Changes = 2,
    /// Every change of an attribute.
    Attributes = 3,
    /// Every change of an attribute and of large contents.
    AttributesAndBlobs = 4,
}

impl Tracking {
    /// Returns the text that the reference pages use.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Nothing => "Do not track changes",
            Self::LastChange => "Track last change",
            Self::Changes => "Track object changes",
            Self::Attributes => "Track object attribute changes",
            Self::AttributesAndBlobs => "Track object attribute and blob changes",
        }
    }

    /// Returns the level as a number from 0 to 4.
    pub const fn level(self) -> u8 {
        self as u8
    }
}
