//! Text to [`Term`]s.

use super::functions::{self, pattern};
use super::{Binary, DEEPEST, From, LONGEST, Misread, Path, Step, TALLEST, Term};

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Term, Misread> {
    if text.len() > LONGEST {
        return Err(Misread::TooLong);
    }
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
        end: text.len(),
        depth: 0,
        within: 0,
        height: 0,
    };
    let term = reader.term(0)?;
    match reader.peek() {
        None => Ok(term),
        Some(_) => Err(reader.unexpected()),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Reference(String),
    Name(String),
    Sign(&'static str),
}

/// Signs, the longer before the shorter that begin alike.
const SIGNS: [&str; 18] = [
    "!=", "<=", ">=", "..", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".", "|",
];

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Misread> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let unexpected = Misread::Unexpected { at };
        let (token, length) = if let Some(inside) = rest.strip_prefix("${") {
            let end = inside.find('}').ok_or(unexpected.clone())?;
            let name = inside[..end].trim();
            if name.is_empty() || !name.chars().all(in_name) {
                return Err(unexpected);
            }
            (Token::Reference(name.to_owned()), end + 3)
        } else if matches!(first, '"' | '\'') {
            let end = rest[1..].find(first).ok_or(unexpected)?;
            (Token::Text(rest[1..=end].to_owned()), end + 2)
        } else if first.is_ascii_digit()
            || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            let mut points = 0;
            let past = |c: char| {
                points += usize::from(c == '.');
                !c.is_ascii_digit() && (c != '.' || points > 1)
            };
            let end = rest.find(past).unwrap_or(rest.len());
            let number = rest[..end].parse().map_err(|_| unexpected)?;
            (Token::Number(number), end)
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
            (Token::Name(rest[..end].to_owned()), end)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or(unexpected)?;
            (Token::Sign(sign), sign.len())
        };
        tokens.push((at, token));
        at += length;
    }
    Ok(tokens)
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    depth: usize,
    /// In how many conditions in brackets this stands.
    within: usize,
    /// How many terms stand on one another in what was read last.
    height: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn peek_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.peek_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Misread> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn unexpected(&self) -> Misread {
        let at = self.tokens.get(self.at).map_or(self.end, |(at, _)| *at);
        Misread::Unexpected { at }
    }

    /// What stands between two values, and how strongly it binds.
    fn binary(&self) -> Option<(Binary, u8)> {
        Some(match self.peek()? {
            Token::Name(name) => match name.as_str() {
                "or" => (Binary::Or, 1),
                "and" => (Binary::And, 2),
                "div" => (Binary::Divided, 6),
                "mod" => (Binary::Remainder, 6),
                _ => return None,
            },
            Token::Sign(sign) => match *sign {
                "=" => (Binary::Equal, 3),
                "!=" => (Binary::Unequal, 3),
                "<" => (Binary::Less, 4),
                "<=" => (Binary::LessOrEqual, 4),
                ">" => (Binary::More, 4),
                ">=" => (Binary::MoreOrEqual, 4),
                "+" => (Binary::Plus, 5),
                "-" => (Binary::Minus, 5),
                "*" => (Binary::Times, 6),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Puts a term on others of a height.
    fn on(&mut self, height: usize) -> Result<(), Misread> {
        self.height = height + 1;
        if self.height > TALLEST {
            return Err(Misread::TooDeep);
        }
        Ok(())
    }

    /// A value with everything behind it that binds at least as strongly as asked.
    fn term(&mut self, least: u8) -> Result<Term, Misread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Misread::TooDeep);
        }
        let mut left = self.signed()?;
        while let Some((binary, strength)) = self.binary()
            && strength >= least
        {
            self.at += 1;
            // What is read from left to right nests as deeply as brackets would.
            let height = self.height;
            let right = self.term(strength + 1)?;
            self.on(height.max(self.height))?;
            left = Term::Binary(binary, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn signed(&mut self) -> Result<Term, Misread> {
        let mut negative = false;
        let mut signs = 0;
        while self.take_sign("-") {
            negative = !negative;
            signs += 1;
        }
        let term = self.single()?;
        if signs > 0 {
            self.on(self.height + 1)?;
        }
        Ok(match (signs, negative) {
            (0, _) => term,
            (_, true) => Term::Negative(Box::new(term)),
            // Twice turned it is the same number, but a number it has become.
            (_, false) => Term::Negative(Box::new(Term::Negative(Box::new(term)))),
        })
    }

    fn single(&mut self) -> Result<Term, Misread> {
        let Some(token) = self.peek().cloned() else {
            return Err(self.unexpected());
        };
        match token {
            Token::Number(number) => {
                self.at += 1;
                self.height = 1;
                Ok(Term::Number(number))
            }
            Token::Text(text) => {
                self.at += 1;
                self.height = 1;
                Ok(Term::Text(text))
            }
            Token::Reference(name) => {
                self.at += 1;
                self.height = 1;
                self.path(From::Name(name), Vec::new())
            }
            Token::Name(name) => {
                let call = matches!(self.tokens.get(self.at + 1), Some((_, Token::Sign("("))));
                if call {
                    self.call(name)
                } else {
                    self.steps(From::Here)
                }
            }
            Token::Sign("(") => {
                self.at += 1;
                let term = self.term(0)?;
                self.expect(")")?;
                Ok(term)
            }
            Token::Sign("/") => {
                self.at += 1;
                self.steps(From::Top)
            }
            Token::Sign("." | ".." | "*") => self.steps(From::Here),
            Token::Sign(_) => Err(self.unexpected()),
        }
    }

    fn call(&mut self, name: String) -> Result<Term, Misread> {
        self.at += 2;
        let mut given = Vec::new();
        let mut height = 0;
        if !self.peek_sign(")") {
            loop {
                given.push(self.term(0)?);
                height = height.max(self.height);
                if !self.take_sign(",") {
                    break;
                }
            }
        }
        self.expect(")")?;
        self.on(height)?;
        if name == "current" && given.is_empty() {
            return self.path(From::Current, Vec::new());
        }
        let Some(function) = functions::named(&name) else {
            return Err(Misread::UnknownFunction { name });
        };
        if given.len() < function.least || given.len() > function.most {
            return Err(Misread::Arguments { name });
        }
        if name == "regex"
            && let Some(Term::Text(text)) = given.get(1)
            && pattern(text).is_none()
        {
            return Err(Misread::Pattern {
                pattern: text.clone(),
            });
        }
        Ok(Term::Call(function, given))
    }

    /// A path whose first step is still to be read.
    fn steps(&mut self, from: From) -> Result<Term, Misread> {
        self.height = 1;
        let step = self.step()?;
        self.path(from, vec![step])
    }

    /// The rest of a path.
    fn path(&mut self, from: From, mut steps: Vec<Step>) -> Result<Term, Misread> {
        while self.take_sign("/") {
            steps.push(self.step()?);
        }
        if self.peek_sign("[") {
            // Conditions on a reference as such: `${name}[…]` is nothing that forms write.
            return Err(self.unexpected());
        }
        Ok(Term::Path(Path { from, steps }))
    }

    fn step(&mut self) -> Result<Step, Misread> {
        let name = match self.peek() {
            Some(Token::Sign(".")) => {
                self.at += 1;
                return Ok(Step::Same);
            }
            Some(Token::Sign("..")) => {
                self.at += 1;
                return Ok(Step::Above);
            }
            Some(Token::Sign("*")) => None,
            Some(Token::Name(name)) if !name.contains("::") => Some(name.clone()),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        let mut conditions = Vec::new();
        let mut height = self.height;
        while self.take_sign("[") {
            self.within += 1;
            if self.within > 3 {
                return Err(Misread::TooDeep);
            }
            conditions.push(self.term(0)?);
            self.on(height.max(self.height))?;
            height = self.height;
            self.within -= 1;
            self.expect("]")?;
        }
        Ok(Step::Below(name, conditions))
    }
}
