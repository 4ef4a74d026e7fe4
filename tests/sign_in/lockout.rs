//! Guessing leads nowhere.

use super::*;

on_both_engines! {
    /// Wrong codes count like wrong passwords, and lock the user.
    fn wrong_codes_lock(server: &mut Server) {
        let ben = server.world().user;
        let (app, codes) = add_app(&Browser::of(server, &ben));
        let (browser, page) = halfway(server, &ben);
        for number in 1..=10 {
            let (other, again) = halfway(server, &ben);
            assert_eq!(enter_code(&other, &again, &app.wrong_code()).0, 401);
            assert_eq!(user(server, &ben)["AccessFailedCount"], number, "the right password between takes nothing back");
        }
        assert!(!enter_code(&browser, &page, &app.code(0)).1.starts_with("/tokens"), "the right code is refused as well");
        assert_ne!(enter_code(&browser, &page, &codes[0]).1, "/tokens");
        assert_eq!(Browser::new(server).sign_in(&ben.login, &ben.password).status, 401);
        assert!(user(server, &ben)["LockoutEndUtc"].is_string());
    }

    /// A name that nobody has, a wrong password and a locked user are told the same.
    fn nobody_learns_who_exists(server: &mut Server) {
        let world = server.world();
        let refused = |login: &str, password: &str| {
            let page = Browser::new(server).sign_in(login, password);
            let main = page.body.split_once("role=\"alert\"").unwrap().1.split_once("</div>").unwrap().0;
            (page.status, main.to_owned())
        };
        let unknown = refused("nobody-at-all", "wrong");
        assert_eq!(refused(&world.user.login, "wrong"), unknown);
        add_app(&Browser::of(server, &world.admin));
        assert_eq!(refused(&world.admin.login, "wrong"), unknown, "that there is a second factor shows with the password alone");
        for _ in 0..10 {
            refused(&world.user.login, "wrong");
        }
        assert_eq!(refused(&world.user.login, &world.user.password), unknown);
    }
}
