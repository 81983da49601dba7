//! The columns of a body and the varints in them.

use super::{CodecError, Limits};

/// The columns, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Column {
    Sizes,
    Millis,
    Counters,
    Grants,
    SaveKinds,
    Reasons,
    Kinds,
    Fields,
    Seen,
    SeenReplicas,
    SeenSeqs,
    SeenIndexes,
    Tags,
    Numbers,
    Scales,
    Lengths,
    Ids,
    NewIds,
    IdCounters,
    Octets,
    Text,
}

const COLUMNS: usize = Column::Text as usize + 1;

/// Columns being written.
#[derive(Default)]
pub(crate) struct Writer([Vec<u8>; COLUMNS]);

impl Writer {
    pub(crate) fn uint(&mut self, column: Column, number: u64) {
        put_uint(&mut self.0[column as usize], number);
    }

    pub(crate) fn int(&mut self, column: Column, number: i64) {
        self.uint(column, zigzag(number));
    }

    pub(crate) fn byte(&mut self, column: Column, byte: u8) {
        self.0[column as usize].push(byte);
    }

    pub(crate) fn bytes(&mut self, column: Column, bytes: &[u8]) {
        self.0[column as usize].extend_from_slice(bytes);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.0.iter().map(|column| column.len() + 4).sum());
        for column in self.0 {
            put_uint(&mut body, column.len() as u64);
            body.extend_from_slice(&column);
        }
        body
    }
}

/// Columns being read. Every read takes from what is there, so no count in the bytes is believed beyond them.
pub(crate) struct Reader<'a>([&'a [u8]; COLUMNS]);

impl<'a> Reader<'a> {
    pub(crate) fn new(mut body: &'a [u8], limits: &Limits) -> Result<Self, CodecError> {
        if body.len() > limits.body {
            return Err(CodecError::TooLarge("bytes"));
        }
        let mut columns: [&[u8]; COLUMNS] = [&[]; COLUMNS];
        for column in &mut columns {
            let length = take_uint(&mut body)?;
            *column = take(&mut body, length)?;
        }
        if body.is_empty() {
            Ok(Self(columns))
        } else {
            Err(CodecError::Malformed("bytes after the last column"))
        }
    }

    pub(crate) fn uint(&mut self, column: Column) -> Result<u64, CodecError> {
        take_uint(&mut self.0[column as usize])
    }

    pub(crate) fn int(&mut self, column: Column) -> Result<i64, CodecError> {
        self.uint(column).map(unzigzag)
    }

    /// A varint that must fit a smaller type.
    pub(crate) fn fitting<T: TryFrom<u64>>(&mut self, column: Column) -> Result<T, CodecError> {
        T::try_from(self.uint(column)?).map_err(|_| CodecError::Malformed("a number out of range"))
    }

    pub(crate) fn byte(&mut self, column: Column) -> Result<u8, CodecError> {
        self.bytes(column, 1).map(|bytes| bytes[0])
    }

    pub(crate) fn bytes(&mut self, column: Column, length: u64) -> Result<&'a [u8], CodecError> {
        take(&mut self.0[column as usize], length)
    }

    pub(crate) fn array<const N: usize>(&mut self, column: Column) -> Result<[u8; N], CodecError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(column, N as u64)?);
        Ok(array)
    }

    pub(crate) fn text(&mut self, length: u64, limits: &Limits) -> Result<String, CodecError> {
        if length > limits.text as u64 {
            return Err(CodecError::TooLarge("text"));
        }
        let bytes = self.bytes(Column::Text, length)?;
        std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|_| CodecError::Malformed("text that is not UTF-8"))
    }

    /// How many bytes of a column are left, an upper bound for how many entries are.
    pub(crate) fn left(&self, column: Column) -> usize {
        self.0[column as usize].len()
    }

    /// Refuses bytes that nothing asked for.
    pub(crate) fn finish(self) -> Result<(), CodecError> {
        if self.0.iter().all(|column| column.is_empty()) {
            Ok(())
        } else {
            Err(CodecError::Malformed("a column holds too much"))
        }
    }
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

pub(crate) fn put_uint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

pub(crate) fn take_uint(from: &mut &[u8]) -> Result<u64, CodecError> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from
            .split_first()
            .ok_or(CodecError::Malformed("a column ends too early"))?;
        *from = rest;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            break;
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            // One form for each number: a padded zero byte at the end is refused.
            return if *byte == 0 && shift > 0 {
                Err(CodecError::Malformed("a padded number"))
            } else {
                Ok(number)
            };
        }
    }
    Err(CodecError::Malformed("a number of more than 64 bits"))
}

fn take<'a>(from: &mut &'a [u8], length: u64) -> Result<&'a [u8], CodecError> {
    let length =
        usize::try_from(length).map_err(|_| CodecError::Malformed("a length beyond the end"))?;
    let (taken, rest) = from
        .split_at_checked(length)
        .ok_or(CodecError::Malformed("a length beyond the end"))?;
    *from = rest;
    Ok(taken)
}
