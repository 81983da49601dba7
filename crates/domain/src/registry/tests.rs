use super::*;

#[test]
fn released_numbers_keep_their_meaning() {
    let locked = include_str!("../../registry.lock");
    let now = lock_text();
    for line in locked.lines() {
        assert!(
            now.lines().any(|l| l == line),
            "{line} was released and may not change or go"
        );
    }
    for line in now.lines() {
        assert!(
            locked.lines().any(|l| l == line),
            "{line} is new: add it to registry.lock"
        );
    }
}

#[test]
fn numbers_are_unique() {
    let text = lock_text();
    let mut numbers: Vec<_> = text.lines().filter_map(|l| l.split(' ').next()).collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "a number stands twice");
}
