use super::*;

fn found(text: &str) -> Vec<(Likeness, String)> {
    doubts(text)
        .into_iter()
        .map(|doubt| (doubt.likeness, doubt.piece))
        .collect()
}

#[test]
fn what_looks_like_a_persons_is_asked_about() {
    use Likeness::{FileNumber, Name, Telephone};
    let cases: &[(&str, Likeness, &str)] = &[
        ("Rappeler au 76 12 34 56 demain", Telephone, "76 12 34 56"),
        ("tel:66123456", Telephone, "66123456"),
        ("joindre le 20.22.47.12", Telephone, "20.22.47.12"),
        ("+223 76 12 34 56", Telephone, "223 76 12 34 56"),
        ("00223 76123456", Telephone, "00223 76123456"),
        ("mari : 6612 3456", Telephone, "6612 3456"),
        ("carte 1234567890123", FileNumber, "1234567890123"),
        ("dossier n° 2314 perdu", FileNumber, "dossier n° 2314"),
        ("fiche 0457", FileNumber, "fiche 0457"),
        ("Mme Coulibaly n'est pas revenue", Name, "Mme Coulibaly"),
        ("M. Sidi Maïga refuse", Name, "M. Sidi Maïga"),
        ("la patiente Awa a saigné", Name, "Awa"),
        ("bébé de Mariam transféré", Name, "Mariam"),
        (
            "Fatoumata Traoré a accouché en route",
            Name,
            "Fatoumata Traoré",
        ),
        ("cas de Aminata Dembélé, 19 ans", Name, "Aminata Dembélé"),
        ("Mrs Diarra came late", Name, "Mrs Diarra"),
        ("the patient Awa bled", Name, "Awa"),
    ];
    for (text, likeness, piece) in cases {
        assert_eq!(found(text), [(*likeness, (*piece).to_owned())], "{text}");
    }
}

#[test]
fn the_words_of_the_work_are_not() {
    let plain = [
        "",
        "18 sur 31 en mars, 21 sur 30 en février",
        "Rupture de 12 500 FCFA, puis 76 123 456 FCFA au total",
        "Campagne 2025-2026 et plan 2024 2025",
        "Réunion du 12/05/2026 à 14 h 30",
        "registre CPN, col. 14, page 231",
        "Dr Traoré a relu la fiche",
        "la sage-femme Awa Diarra suit les relances",
        "Le CSCom de Sélingué et l'ASACO de Kéniéba",
        "District de Kita : conseil en couple pour les femmes enceintes",
        "Les femmes ne viennent pas avant le quatrième mois",
        "La patiente attend trop longtemps ; l'enfant est pesé",
        "SP 3 doses, TDR et CTA disponibles, 1 000 moustiquaires",
        "De 58,1 % à 93,9 %",
        "Le maire Moussa Keïta soutient la caisse",
    ];
    for text in plain {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn several_stand_in_order() {
    let text = "Mme Koné (76 12 34 56), dossier 1177";
    let likenesses: Vec<_> = doubts(text)
        .into_iter()
        .map(|doubt| doubt.likeness)
        .collect();
    assert_eq!(
        likenesses,
        [Likeness::Name, Likeness::Telephone, Likeness::FileNumber]
    );
}

proptest::proptest! {
    #[test]
    fn every_piece_stands_in_the_text(text in "\\PC{0,80}") {
        for doubt in doubts(&text) {
            proptest::prop_assert!(!doubt.piece.is_empty());
            proptest::prop_assert!(text.contains(&doubt.piece));
        }
    }

    #[test]
    fn a_number_to_dial_is_found_wherever_it_stands(before in "[a-zé ]{0,20}", pairs in proptest::array::uniform3(10..99u32), first in 60..99u32) {
        let text = format!("{before} {first} {} {} {}", pairs[0], pairs[1], pairs[2]);
        proptest::prop_assert!(doubts(&text).iter().any(|doubt| doubt.likeness == Likeness::Telephone));
    }
}
