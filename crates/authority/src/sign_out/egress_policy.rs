use std::net::IpAddr;

use ipnet::IpNet;

/// The addresses to which the program may send requests for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EgressPolicy {
    /// Private networks as well: an administrator registered the address.
    Internal,
    /// Public addresses only: the client registered itself.
    Internet,
}

/// Addresses that are never used: unspecified ones, and the metadata services of clouds.
const NEVER: [&str; 6] =
    ["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "fe80::/10", "ff00::/8", "fd00:ec2::/32"];
/// Addresses that are not global (the registries of RFC 6890).
const HOUSE: [&str; 14] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
];
/// The global unicast addresses of IPv6.
const GLOBAL_V6: &str = "2000::/3";

impl EgressPolicy {
    /// Returns whether requests may be sent to an address.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if address.is_unspecified() || is_in(&NEVER, address) {
            return false;
        }
        let global = !is_in(&HOUSE, address) && (address.is_ipv4() || is_in(&[GLOBAL_V6], address));
        self == Self::Internal || global
    }
}

fn is_in(networks: &[&str], address: IpAddr) -> bool {
    let mut networks = networks.iter().filter_map(|network| network.parse::<IpNet>().ok());
    networks.any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_register_themselves_have_public_addresses_only() {
        for (address, house, internet) in [
            ("8.8.8.8", true, true),
            ("2606:4700::1111", true, true),
            ("127.0.0.1", true, false),
            ("::1", true, false),
            ("10.1.2.3", true, false),
            ("172.31.0.1", true, false),
            ("192.168.1.1", true, false),
            ("100.64.0.1", true, false),
            ("::ffff:10.1.2.3", true, false),
            ("fd12:3456::1", true, false),
            ("64:ff9b::a00:1", true, false),
            ("2002:a00:1::", true, false),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("fd00:ec2::254", false, false),
            ("fe80::1", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(EgressPolicy::Internal.allows(address), house, "{address}");
            assert_eq!(EgressPolicy::Internet.allows(address), internet, "{address}");
        }
    }

    #[test]
    fn every_network_is_one() {
        for network in NEVER.iter().chain(&HOUSE).chain([&GLOBAL_V6]) {
            assert!(network.parse::<IpNet>().is_ok(), "{network}");
        }
    }
}
