//! Who can read, who cannot, and what a courier may try.

use domain::ids::RecordId;
use proptest::prelude::*;

use super::*;
use crate::wire::{EnrolPerson, EnrolPlace};

fn key(byte: u8) -> KeyPair {
    KeyPair::from_secret(&[byte; 32])
}

fn card(key: &KeyPair) -> Signed {
    let card = Card {
        key: key.public(),
        seal: key.seal_public(),
        role: "supervisor".to_owned(),
        place: EnrolPlace {
            id: RecordId::of_place_code("ML-D-1"),
            name: "Kati".to_owned(),
            level: "district".to_owned(),
            parent: RecordId::of_place_code("ML-R-2"),
        },
        person: EnrolPerson {
            id: RecordId::counted(key.replica(), 1),
            name: "Awa Traoré".to_owned(),
        },
    };
    card.sign(key).unwrap()
}

fn contents(sender: &KeyPair) -> Contents {
    let scope = RecordId::of_place_code("ML-CSCOM-1").as_scope();
    let statement = |byte| Signed::sign(&key(9), Purpose::Receipt, vec![byte; 30]);
    Contents {
        number: 12,
        from: card(sender),
        segments: vec![b"a first segment".to_vec(), b"and a second".to_vec()],
        vector: [(scope, sender.replica(), 7)].into_iter().collect(),
        receipts: vec![statement(1)],
        readers: vec![statement(2), statement(3)],
        snapshots: vec![(vec![5; 4_000], statement(4))],
        keys: Vec::new(),
        erase: Vec::new(),
    }
}

fn packed(sender: &KeyPair, readers: &[&KeyPair]) -> Vec<u8> {
    let recipients: Vec<_> = readers.iter().map(|key| key.seal_public()).collect();
    pack(sender, &recipients, &contents(sender)).unwrap()
}

/// The same bytes with another part in the clear, and the end made to fit.
fn with_header(bytes: &[u8], edit: impl FnOnce(&mut Vec<(Cbor, Cbor)>)) -> Vec<u8> {
    let parts = take_apart(bytes).unwrap();
    let mut map: Cbor = ciborium::from_reader(parts.header).unwrap();
    edit(map.as_map_mut().unwrap());
    let mut header = Vec::new();
    ciborium::into_writer(&map, &mut header).unwrap();
    assemble(&header, parts.sealed)
}

fn assemble(header: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    bytes.extend(sealed);
    let end = hash(&bytes);
    bytes.extend(end);
    bytes
}

fn set(number: u64, value: impl Into<Cbor>) -> impl FnOnce(&mut Vec<(Cbor, Cbor)>) {
    let value = value.into();
    move |map| {
        map.retain(|(key, _)| *key != number.into());
        map.push((number.into(), value));
    }
}

#[test]
fn each_recipient_reads_what_the_sender_wrote() {
    let (sender, server, district) = (key(1), key(2), key(3));
    let bytes = packed(&sender, &[&server, &district]);
    for reader in [&server, &district] {
        assert_eq!(open(&bytes, reader).unwrap(), contents(&sender));
    }
    println!("around the contents: {} bytes", bytes.len() - 5_000);
}

#[test]
fn nothing_but_the_outline_shows_without_a_key() {
    let (sender, server) = (key(1), key(2));
    let bytes = packed(&sender, &[&server]);
    assert_eq!(
        outline(&bytes).unwrap(),
        Outline {
            sender: sender.replica(),
            number: 12,
            recipients: vec![short(&server.seal_public())],
            length: bytes.len(),
        }
    );
    assert_eq!(
        open(&bytes, &key(4)),
        Err(BundleError::NotForUs),
        "a courier"
    );
    assert_eq!(open(&bytes, &sender), Err(BundleError::NotForUs));
    let shows = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(!shows(b"a first segment") && !shows("Awa Traoré".as_bytes()));
}

#[test]
fn every_cut_and_every_changed_byte_is_noticed() {
    let (sender, server) = (key(1), key(2));
    let bytes = packed(&sender, &[&server]);
    for end in 0..bytes.len() {
        assert!(outline(&bytes[..end]).is_err(), "cut at {end}");
    }
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(outline(&changed).is_err(), "byte {at}");
    }
    assert!(outline(&[bytes, vec![0]].concat()).is_err());
}

#[test]
fn a_courier_who_mends_the_end_changes_nothing_unseen() {
    let (sender, server) = (key(1), key(2));
    let bytes = packed(&sender, &[&server]);
    let parts = take_apart(&bytes).unwrap();
    let (header, sealed) = (parts.header.to_vec(), parts.sealed.to_vec());
    for at in (0..sealed.len()).step_by(11) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(
            open(&assemble(&header, &changed), &server).is_err(),
            "byte {at}"
        );
    }
    assert!(open(&assemble(&header, &sealed[..sealed.len() - 1]), &server).is_err());

    let changed = BundleError::Damaged("its header was changed");
    let renumbered = with_header(&bytes, set(NUMBER, 13));
    assert_eq!(open(&renumbered, &server), Err(changed.clone()));
    let renamed = Cbor::Bytes(key(4).replica().as_bytes().to_vec());
    assert_eq!(
        open(&with_header(&bytes, set(SENDER, renamed)), &server),
        Err(changed.clone())
    );
    let more = [short(&server.seal_public()), short(&key(4).seal_public())].concat();
    let more = with_header(&bytes, set(RECIPIENTS, Cbor::Bytes(more)));
    assert_eq!(open(&more, &server), Err(changed));
    assert_eq!(open(&more, &key(4)), Err(BundleError::NotForUs));
}

#[test]
fn a_recipient_cannot_pass_it_on_in_the_senders_name() {
    let (sender, reader, other) = (key(1), key(2), key(3));
    let bytes = packed(&sender, &[&reader]);
    let parts = take_apart(&bytes).unwrap();
    // The reader has what is inside, with the sender's signature, and seals it for someone else.
    let plain = decrypt(parts.sealed, 1, &reader).unwrap();
    let mut sealed = Vec::new();
    encrypt(
        &[reader.seal_public(), other.seal_public()],
        &[&plain],
        &mut sealed,
    )
    .unwrap();
    let honest = assemble(parts.header, &sealed);
    assert_eq!(open(&honest, &reader).unwrap(), contents(&sender));
    assert_eq!(open(&honest, &other), Err(BundleError::NotForUs));
    let mut names = parts.outline.recipients.clone();
    names.push(short(&other.seal_public()));
    let readdressed = with_header(&honest, set(RECIPIENTS, Cbor::Bytes(names.concat())));
    assert!(matches!(
        open(&readdressed, &other),
        Err(BundleError::Damaged("its header was changed"))
    ));

    // With a short name that happens to be the same, the signed list of whole keys still tells.
    let manifest =
        |recipient: &KeyPair, by: &KeyPair, named: &KeyPair, header: &[u8], written: &[u8]| {
            let fields = frame::write_fields(vec![
                (SENDER_KEY, Cbor::Bytes(named.public().to_vec())),
                (
                    RECIPIENT_KEYS,
                    Cbor::Bytes(recipient.seal_public().to_vec()),
                ),
                (HEADER_HASH, Cbor::Bytes(hash(header).to_vec())),
                (CONTENTS_HASH, Cbor::Bytes(hash(written).to_vec())),
            ])
            .unwrap();
            Signed::sign(by, Purpose::Bundle, fields)
                .to_bytes()
                .unwrap()
        };
    let mut written = Vec::new();
    ciborium::into_writer(&contents(&sender), &mut written).unwrap();
    let sealed_with = |manifest: Vec<u8>| {
        let mut sealed = Vec::new();
        let length = (manifest.len() as u32).to_le_bytes();
        encrypt(
            &[other.seal_public()],
            &[&length, &manifest, &written],
            &mut sealed,
        )
        .unwrap();
        sealed
    };
    let to_other = packed(&sender, &[&other]);
    let header = take_apart(&to_other).unwrap().header.to_vec();
    let tried = |manifest| open(&assemble(&header, &sealed_with(manifest)), &other);
    assert_eq!(
        tried(manifest(&reader, &sender, &sender, &header, &written)),
        Err(BundleError::BadSignature),
        "meant for another"
    );
    assert_eq!(
        tried(manifest(&other, &reader, &sender, &header, &written)),
        Err(BundleError::BadSignature),
        "signed by another"
    );
    assert_eq!(
        tried(manifest(&other, &reader, &reader, &header, &written)),
        Err(BundleError::BadSignature),
        "another's card inside"
    );
    assert_eq!(
        tried(manifest(&other, &sender, &sender, &header, &written)).unwrap(),
        contents(&sender)
    );
}

#[test]
fn a_newer_one_is_named_and_left_closed() {
    let (sender, server) = (key(1), key(2));
    let bytes = packed(&sender, &[&server]);
    for newer in [
        with_header(&bytes, set(FORMAT, 2)),
        with_header(&bytes, set(MIN_READER, 2)),
    ] {
        assert_eq!(outline(&newer).unwrap().sender, sender.replica());
        assert_eq!(open(&newer, &server), Err(BundleError::NewerFormat));
    }
    let mut lean = with_header(&bytes, set(FORMAT, 2));
    lean = with_header(&lean, |map| {
        map.retain(|(key, _)| *key != RECIPIENTS.into())
    });
    assert_eq!(outline(&lean).unwrap().recipients, [[0; 8]; 0]);
    let richer = with_header(&bytes, set(90, "of a newer version"));
    assert_eq!(outline(&richer).unwrap().number, 12);
}

#[test]
fn what_is_too_large_or_for_nobody_is_not_written() {
    let sender = key(1);
    let to = [key(2).seal_public()];
    let refusal = |recipients: &[[u8; 32]], contents: &Contents| {
        pack(&sender, recipients, contents).unwrap_err()
    };
    let nobody = BundleError::Damaged("it has no recipients");
    assert_eq!(refusal(&[], &contents(&sender)), nobody);
    // The neutral point and one of order eight: nobody's key, and age would stop the program over them.
    let mut one = [0; 32];
    one[0] = 1;
    let broken = [[0; 32], one];
    assert_eq!(refusal(&broken, &contents(&sender)), nobody);
    let both = pack(&sender, &[broken[0], to[0]], &contents(&sender)).unwrap();
    assert_eq!(outline(&both).unwrap().recipients, [short(&to[0])]);

    let crowd: Vec<_> = (0..=MAX_RECIPIENTS as u32)
        .map(|n| *blake3::hash(&n.to_le_bytes()).as_bytes())
        .collect();
    assert_eq!(refusal(&crowd, &contents(&sender)), BundleError::TooLarge);
    let many = Contents {
        segments: vec![Vec::new(); MAX_ITEMS + 1],
        ..contents(&sender)
    };
    assert_eq!(refusal(&to, &many), BundleError::TooLarge);
    let heavy = Contents {
        segments: vec![vec![0; 16 << 20]; 4],
        ..contents(&sender)
    };
    assert_eq!(refusal(&to, &heavy), BundleError::TooLarge);
    let anothers = Contents {
        from: card(&key(5)),
        ..contents(&sender)
    };
    assert_eq!(refusal(&to, &anothers), BundleError::BadSignature);
}

#[test]
fn as_many_recipients_as_allowed_can_open_it() {
    let sender = key(1);
    let mut recipients: Vec<_> = (1..MAX_RECIPIENTS as u32)
        .map(|n| *blake3::hash(&n.to_le_bytes()).as_bytes())
        .collect();
    recipients.push(key(2).seal_public());
    let bytes = pack(&sender, &recipients, &contents(&sender)).unwrap();
    assert_eq!(open(&bytes, &key(2)).unwrap(), contents(&sender));
}

#[test]
fn a_header_of_age_without_end_costs_nothing() {
    let (sender, server) = (key(1), key(2));
    let bytes = packed(&sender, &[&server]);
    let header = take_apart(&bytes).unwrap().header.to_vec();
    let endless = [
        b"age-encryption.org/v1\n".to_vec(),
        b"-> a\n\n".repeat(2 << 20),
    ]
    .concat();
    assert_eq!(
        open(&assemble(&header, &endless), &server),
        Err(BundleError::Damaged(
            "it names more recipients than it says"
        ))
    );
}

proptest! {
    #[test]
    fn any_bytes_are_refused_in_peace(bytes: Vec<u8>, sealed: Vec<u8>) {
        prop_assert!(outline(&bytes).is_err());
        prop_assert!(open(&assemble(&bytes, &sealed), &key(2)).is_err());
        let (sender, server) = (key(1), key(2));
        let header = take_apart(&packed(&sender, &[&server])).unwrap().header.to_vec();
        prop_assert!(open(&assemble(&header, &sealed), &server).is_err());
        // Whatever a recipient of the same bundle finds inside.
        let mut inside = Vec::new();
        encrypt(&[server.seal_public()], &[&bytes], &mut inside).unwrap();
        prop_assert!(open(&assemble(&header, &inside), &server).is_err());
    }
}
