//! The letters of paper, which are in the program: what is printed looks the same on every computer.

/// The family of all words.
pub const FAMILY: &str = "Noto Sans";

/// The files, as they stand in `assets/fonts/paper`: words, and the signs that the family lacks.
pub const FILES: [&[u8]; 5] = [
    include_bytes!("../../../assets/fonts/paper/NotoSans-Regular.ttf"),
    include_bytes!("../../../assets/fonts/paper/NotoSans-Bold.ttf"),
    include_bytes!("../../../assets/fonts/paper/NotoSans-Italic.ttf"),
    include_bytes!("../../../assets/fonts/paper/NotoSansMath-Regular.ttf"),
    include_bytes!("../../../assets/fonts/paper/NotoSansSymbols2-Regular.ttf"),
];
