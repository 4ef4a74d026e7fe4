//! The number of rows of a page and of the whole response.

use odata::negotiate::Version;
use odata::skiptoken::Position;

use super::prefer::Preferences;

/// The configured sizes of pages.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    /// The number of rows of a page without `$top`.
    pub(super) usual: u64,
    /// The maximum number of rows of a page.
    pub(super) greatest: u64,
}

/// The number of rows of a page and of the whole response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Maximum number of rows of this page.
    pub(super) size: u64,
    /// Maximum number of rows of this page and those that follow; `None` if they are not limited.
    pub(super) left: Option<u64>,
}

impl Extent {
    /// Returns the extent of a page. `$top` limits the whole response (OData 4.01 part 1, section 11.2.6.3) if the
    /// request for the first page has the header `OData-MaxVersion: 4.01`, or prefers a page size. Otherwise `$top` is
    /// the page size, as in the documented system. The pages that follow have the limit in their token.
    pub(super) fn of_page(
        top: Option<u64>,
        version: Version,
        preferences: &Preferences,
        position: Option<&Position>,
        Sizes { usual, greatest }: Sizes,
    ) -> Self {
        let limits = version == Version::V4_01 || preferences.max_page_size.is_some();
        let left = match position {
            Some(position) => position.left,
            None => top.filter(|_| limits),
        };
        let size = preferences.page_size(top, usual, greatest);
        Self { size: left.map_or(size, |left| left.min(size)), left }
    }

    /// Returns the extent without a limit on the whole response.
    pub(super) const fn unlimited(self) -> Self {
        Self { left: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    const SIZES: Sizes = Sizes { usual: 100, greatest: 1000 };

    fn preferring(size: Option<u64>) -> Preferences {
        Preferences { max_page_size: size.map(|size| ("maxpagesize", size)), ..Preferences::default() }
    }

    #[test]
    fn top_limits_the_response_for_clients_of_version_4_01_or_with_a_page_size() {
        use Version::{V4_0, V4_01};
        for (top, version, preferred, size, left) in [
            (None, V4_0, None, 100, None),
            (None, V4_01, None, 100, None),
            (None, V4_0, Some(7), 7, None),
            (Some(5), V4_0, None, 5, None),
            (Some(5), V4_01, None, 5, Some(5)),
            (Some(5), V4_0, Some(2), 2, Some(5)),
            (Some(5), V4_0, Some(9), 5, Some(5)),
            (Some(5000), V4_0, None, 1000, None),
            (Some(5000), V4_01, None, 1000, Some(5000)),
            (Some(0), V4_01, None, 0, Some(0)),
        ] {
            let extent = Extent::of_page(top, version, &preferring(preferred), None, SIZES);
            assert_eq!(extent, Extent { size, left }, "{top:?} {version:?} {preferred:?}");
        }
    }

    #[test]
    fn the_pages_that_follow_have_the_limit_of_the_first() {
        use Version::{V4_0, V4_01};
        for (left, version, preferred, size) in [
            (Some(3), V4_0, None, 3),
            (Some(300), V4_0, None, 200),
            (Some(3), V4_01, Some(2), 2),
            (None, V4_01, None, 200),
            (None, V4_0, Some(2), 2),
        ] {
            let asked = Timestamp::from_seconds(0);
            let position = Position { asked, after: Vec::new(), left, mark: None };
            let extent = Extent::of_page(Some(200), version, &preferring(preferred), Some(&position), SIZES);
            assert_eq!(extent, Extent { size, left }, "{left:?} {version:?} {preferred:?}");
        }
    }
}
