//! The dictionaries that bodies are packed with: what health workers' French and our columns have in common,
//! shipped with the app so that it need not be sent with each day's work.
//!
//! **A dictionary that was shipped is frozen**: segments packed with it are kept for ever. It is named by the
//! first bytes of its BLAKE3. A better one is added to [`KNOWN`] and becomes the one that [`pack`] uses;
//! whoever does not know it stores and forwards, and opens after an update. `examples/dictionary.rs` trains one.

use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::CParameter;

/// The name of a dictionary.
pub(crate) type Name = [u8; 8];

/// All that were ever shipped, the one in use last.
const KNOWN: [&[u8]; 1] = [include_bytes!("../../../assets/dictionary/nyetaa-1.dict")];

/// By size: up to so many bytes, at which level. A day's work is packed as well as can be (what is above weighs the same and
/// takes longer); of more, up to where the next level would cost more time of the laptop than it spares the slow line.
const LEVELS: [(usize, i32); 3] = [(48 << 10, 16), (128 << 10, 14), (usize::MAX, 9)];
/// To find out how much goes together.
const FAST: i32 = 6;

struct Known {
    name: Name,
    decoder: DecoderDictionary<'static>,
}

static DECODERS: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = KNOWN.iter().map(|bytes| Known {
        name: name_of(bytes),
        decoder: DecoderDictionary::copy(bytes),
    });
    known.collect()
});

type Encoder = LazyLock<EncoderDictionary<'static>>;

/// One for each of [`LEVELS`].
static ENCODERS: [Encoder; LEVELS.len()] = [
    LazyLock::new(|| encoder(LEVELS[0].1)),
    LazyLock::new(|| encoder(LEVELS[1].1)),
    LazyLock::new(|| encoder(LEVELS[2].1)),
];

static FAST_ENCODER: Encoder = LazyLock::new(|| encoder(FAST));

fn encoder(level: i32) -> EncoderDictionary<'static> {
    EncoderDictionary::copy(KNOWN[KNOWN.len() - 1], level)
}

fn name_of(bytes: &[u8]) -> Name {
    let mut name = [0; 8];
    name.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
    name
}

/// The name of the dictionary that [`pack`] uses.
pub(crate) fn in_use() -> Name {
    DECODERS[KNOWN.len() - 1].name
}

/// Whether [`unpack`] has a dictionary of this name.
pub(crate) fn is_known(name: &Name) -> bool {
    DECODERS.iter().any(|known| known.name == *name)
}

/// Packs a body with the dictionary [`in_use`].
pub(crate) fn pack(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut by_size = LEVELS.iter().zip(&ENCODERS);
    let fitting = by_size.find(|((most, _), _)| body.len() <= *most);
    pack_with(fitting.map_or(&FAST_ENCODER, |(_, encoder)| encoder), body)
}

/// Packs a body quickly, to find out how much goes together.
pub(crate) fn pack_fast(body: &[u8]) -> std::io::Result<Vec<u8>> {
    pack_with(&FAST_ENCODER, body)
}

fn pack_with(encoder: &EncoderDictionary<'static>, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = Compressor::with_prepared_dictionary(encoder)?;
    // Its name stands in the header already.
    compressor.set_parameter(CParameter::DictIdFlag(false))?;
    compressor.compress(body)
}

/// Unpacks a body of no more than `most` bytes that was packed with the dictionary of this name, or with none.
pub(crate) fn unpack(
    packed: &[u8],
    dictionary: Option<&Name>,
    most: usize,
) -> std::io::Result<Vec<u8>> {
    let known = match dictionary {
        None => return zstd::bulk::decompress(packed, most),
        Some(name) => DECODERS.iter().find(|known| known.name == *name),
    };
    let known = known.ok_or(std::io::ErrorKind::Unsupported)?;
    Decompressor::with_prepared_dictionary(&known.decoder)?.decompress(packed, most)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_was_shipped_stays_as_it_is() {
        // Never change a line here: segments packed with it lie on every laptop. Add one for a new dictionary.
        let names = ["91c7f6ee1a772860"];
        let hex =
            |name: Name| -> String { name.iter().map(|byte| format!("{byte:02x}")).collect() };
        let known: Vec<_> = DECODERS.iter().map(|known| hex(known.name)).collect();
        assert_eq!(known, names);
        assert_eq!(hex(in_use()), names[names.len() - 1]);
    }

    /// Every five words in a row, in small letters.
    fn fives(text: &str) -> HashSet<Vec<String>> {
        let sentences = text.lines().filter(|line| !line.starts_with('#'));
        let words = sentences.map(|line| {
            let small = line.to_lowercase().replace('’', "'");
            let words = small.split(|c: char| !c.is_alphanumeric() && !"{}'".contains(c));
            let words: Vec<_> = words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect();
            words
        });
        words
            .flat_map(|words| words.windows(5).map(<[_]>::to_vec).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn no_benchmark_uses_what_it_was_trained_on() {
        let trained = fives(include_str!("../../../assets/dictionary/notes-fr.txt"));
        let measured = fives(include_str!("../../../tests/fixtures/bench/notes-fr.txt"));
        assert!(trained.len() > 1_000 && measured.len() > 500);
        let both: Vec<_> = trained.intersection(&measured).collect();
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn small_and_large_bodies_come_back() {
        let sentence = "Écrire la date du prochain rendez-vous sur le carnet.";
        for times in [0, 1, 50, 5_000] {
            let body = sentence.repeat(times).into_bytes();
            for packed in [pack(&body).unwrap(), pack_fast(&body).unwrap()] {
                let name = in_use();
                assert_eq!(unpack(&packed, Some(&name), body.len()).unwrap(), body);
                if !body.is_empty() {
                    assert!(unpack(&packed, Some(&name), body.len() - 1).is_err());
                    assert!(unpack(&packed, Some(&[1; 8]), body.len()).is_err());
                }
            }
            let plain = zstd::bulk::compress(&body, 3).unwrap();
            assert_eq!(unpack(&plain, None, body.len()).unwrap(), body);
        }
    }

    #[test]
    fn a_note_of_a_team_is_half_as_long() {
        let note = "La sage-femme écrit la date du rendez-vous et les femmes du village reviennent à la consultation.";
        let packed = pack(note.as_bytes()).unwrap().len();
        let plain = zstd::bulk::compress(note.as_bytes(), 19).unwrap().len();
        println!(
            "{}: {plain} alone, {packed} with the dictionary",
            note.len()
        );
        assert!(
            2 * packed <= plain,
            "{plain} alone, {packed} with the dictionary"
        );
    }
}
