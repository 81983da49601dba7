//! Why a problem stands: where a cause belongs, how sure the team is of it, and what shows it.

use crate::words::words;

words! {
    /// The bones of the fish: where a cause belongs.
    Category {
        /// Who works, how many, what they were taught.
        People = "people",
        /// How the work is done and in which order.
        Methods = "methods",
        /// Equipment, medicines, paper.
        Supplies = "supplies",
        /// The rooms, the distance, the season.
        Surroundings = "surroundings",
        /// How it is written down and counted.
        Measuring = "measuring",
        /// Women, families, villages, the ASACO.
        Community = "community",
    }
}

words! {
    /// How sure the team is that a cause is one.
    CauseStanding {
        /// The team believes so.
        Suspected = "suspected",
        /// Something shows it.
        Verified = "verified",
        /// It was looked into, and is none.
        RuledOut = "ruled_out",
    }
}

words! {
    /// What shows something.
    EvidenceSort {
        /// The sign of a chart.
        Signal = "signal",
        /// Something that happened.
        Event = "event",
        /// What somebody said in the app.
        Comment = "comment",
        /// Something that was agreed to be done.
        Action = "action",
        /// A small test.
        Trial = "trial",
        /// What was seen on the spot: a register read, a shelf, a queue.
        Observation = "observation",
        /// What the community says.
        Remark = "remark",
        /// What a visit found.
        Finding = "finding",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_screen_and_read_back() {
        let told = |json: Result<serde_json::Value, serde_json::Error>, word: &str| {
            assert_eq!(json.unwrap(), word);
        };
        for it in Category::ALL {
            told(serde_json::to_value(it), it.word());
            assert_eq!(Category::from_word(it.word()), Some(it));
        }
        for it in CauseStanding::ALL {
            told(serde_json::to_value(it), it.word());
            assert_eq!(CauseStanding::from_word(it.word()), Some(it));
        }
        for it in EvidenceSort::ALL {
            told(serde_json::to_value(it), it.word());
            assert_eq!(EvidenceSort::from_word(it.word()), Some(it));
        }
        assert_eq!(Category::from_word(""), None);
    }
}
