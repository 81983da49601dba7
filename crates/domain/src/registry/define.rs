//! What a kind and a field are, and how the list of them is read.

/// What a field may hold besides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// [`Value::Bool`](crate::value::Value::Bool)
    Bool,
    /// [`Value::Int`](crate::value::Value::Int)
    Int,
    /// [`Value::Decimal`](crate::value::Value::Decimal)
    Decimal,
    /// [`Value::Text`](crate::value::Value::Text)
    Text,
    /// [`Value::Date`](crate::value::Value::Date)
    Date,
    /// [`Value::Ref`](crate::value::Value::Ref)
    Ref,
    /// [`Value::List`](crate::value::Value::List) of texts
    List,
    /// [`Value::Sealed`](crate::value::Value::Sealed): text that only those read who have its key
    Sealed,
}

/// One field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its number in the log.
    pub number: u16,
    /// Its name: the column in the database and the word on the wire to the screen.
    pub name: &'static str,
    /// What it holds.
    pub ty: FieldType,
}

/// The field that every kind has: whether the record was deleted.
pub const DELETED: Field = Field {
    number: 0,
    name: "deleted",
    ty: FieldType::Bool,
};

macro_rules! registry {
    ($( $(#[$doc:meta])* $kind:ident / $fields:ident = $number:literal, $table:literal {
        $( $(#[$fdoc:meta])* $field:ident = $fnumber:literal, $name:literal, $ty:ident; )*
    } )*) => {
        /// What a record is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(export)]
        #[repr(u16)]
        pub enum Kind { $( $(#[$doc])* $kind = $number, )* }

        impl Kind {
            /// Every kind this version knows.
            pub const ALL: &'static [Kind] = &[$( Kind::$kind, )*];

            /// The kind of a number, if this version knows it.
            pub fn from_number(number: u16) -> Option<Self> {
                match number { $( $number => Some(Kind::$kind), )* _ => None }
            }

            /// The table that holds its records.
            pub fn table(self) -> &'static str {
                match self { $( Kind::$kind => $table, )* }
            }

            /// Its fields, [`DELETED`] left aside.
            pub fn fields(self) -> &'static [Field] {
                match self { $( Kind::$kind => &[$( Field { number: $fnumber, name: $name, ty: FieldType::$ty }, )*], )* }
            }
        }

        $(
            #[doc = concat!("The fields of `", $table, "`.")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
            #[ts(export)]
            #[repr(u16)]
            pub enum $fields { $( $(#[$fdoc])* #[serde(rename = $name)] $field = $fnumber, )* }

            impl $fields {
                /// The field's number in the log.
                pub fn number(self) -> u16 { self as u16 }
            }
        )*
    };
}
