use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;

/// OData
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct PageSizes {
    /// Number of rows in a page of OData unless `$top` or `Prefer: maxpagesize` sets another number.
    #[default = 100]
    #[schemars(range(min = 1))]
    pub odata_page_size: u32,
    /// Maximum number of rows in a page of OData. Responses are read and written in batches of 100 rows, so longer pages
    /// take time, not memory.
    #[default = 1000]
    #[schemars(range(min = 1))]
    pub odata_max_page_size: u32,
    /// Maximum number of object transactions that a token can have open at a time. They are in the memory of the program.
    #[default = 1]
    #[schemars(range(min = 1, max = 16))]
    pub odata_transactions_per_token: u32,
}

impl PageSizes {
    /// Checks what the types do not express.
    ///
    /// # Errors
    /// A message that names the key.
    pub fn check(&self) -> Result<(), String> {
        let Self { odata_page_size: size, odata_max_page_size: maximum, .. } = self;
        if size <= maximum {
            return Ok(());
        }
        Err(format!("odata_page_size is no greater than odata_max_page_size, {maximum}; not {size}"))
    }
}
