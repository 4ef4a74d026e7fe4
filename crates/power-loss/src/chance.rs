/// A repeatable sequence of choices (xorshift64*).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Creates the sequence of a seed.
    pub fn new(seed: u64) -> Self {
        // Zero is the one state that gives only zeros.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Returns true once in `times` calls on average. `times` is at least 1.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16).is_multiple_of(times)
    }
}
