const GREETINGS: [&str; 3] = ["Good day", "Hello", "Welcome"];

/// One of the greetings.
pub fn greeting() -> &'static str {
    GREETINGS[fastrand::usize(..GREETINGS.len())]
}
