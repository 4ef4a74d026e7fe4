/// A name of the model as people write it: `AllowedIPAddresses` becomes `Allowed IP Addresses`.
pub(super) fn words(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 8);
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(index + 1);
        let begins_word = character.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if begins_word {
            text.push(' ');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_with_capitals() {
        for (name, said) in [
            ("Id", "Id"),
            ("AccessTokens", "Access Tokens"),
            ("AllowedIPAddresses", "Allowed IP Addresses"),
            ("AggregateLastUpdateTimeUtc", "Aggregate Last Update Time Utc"),
            ("LastUsedIPAddress", "Last Used IP Address"),
            ("IP", "IP"),
            ("", ""),
        ] {
            assert_eq!(words(name), said);
        }
    }
}
