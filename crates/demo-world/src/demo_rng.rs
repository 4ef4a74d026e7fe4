use authority::Fault;
use token::Random;

/// Draws numbers for a world that looks as if it had grown.
pub(super) struct DemoRng<'a> {
    random: &'a dyn Random,
    bytes: Vec<u8>,
}

const DRAWN_AT_ONCE: usize = 4096;

impl<'a> DemoRng<'a> {
    pub(super) const fn new(random: &'a dyn Random) -> Self {
        Self { random, bytes: Vec::new() }
    }

    /// A number below `limit`; near enough to even for a demonstration.
    pub(super) fn below(&mut self, limit: u64) -> Result<u64, Fault> {
        if self.bytes.len() < 8 {
            self.bytes = vec![0; DRAWN_AT_ONCE];
            self.random.fill(&mut self.bytes)?;
        }
        let number = self
            .bytes
            .split_off(self.bytes.len() - 8)
            .into_iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(byte));
        Ok(number % limit.max(1))
    }

    /// A number of seconds below `limit`.
    pub(super) fn seconds(&mut self, limit: i64) -> Result<i64, Fault> {
        let drawn = self.below(u64::try_from(limit).unwrap_or(1))?;
        Ok(i64::try_from(drawn).unwrap_or(0))
    }

    /// Returns true with a probability of `percent`.
    pub(super) fn chance(&mut self, percent: u64) -> Result<bool, Fault> {
        Ok(self.below(100)? < percent)
    }

    /// One of several.
    pub(super) fn pick<'b, T>(&mut self, from: &'b [T]) -> Result<&'b T, Fault> {
        let index = usize::try_from(self.below(from.len() as u64)?).unwrap_or(0);
        from.get(index).ok_or_else(|| Fault::Internal("there is nothing to pick from".to_owned()))
    }
}
