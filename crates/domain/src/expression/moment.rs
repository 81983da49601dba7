//! Numbers and moments as text, and back.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// A number as XPath writes it: no exponent, no needless zeros.
pub(super) fn number_text(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        format!("{sign}Infinity")
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// A text as a number: digits with a point, or a moment as days since 1970; `NaN` for anything else.
pub(super) fn text_number(text: &str) -> f64 {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if !text.is_empty()
        && text.chars().all(plain)
        && let Ok(number) = text.parse()
    {
        return number;
    }
    match text {
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ => moment(text).map_or(f64::NAN, days),
    }
}

/// A day, or a day with a time, as written. A time that names its distance from Greenwich is told as it stands there: forms are
/// answered and read in one place.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.splitn(3, '-');
    let mut part = |most: usize| {
        let part = parts.next()?;
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        (digits && !part.is_empty() && part.len() <= most).then_some(part)
    };
    let year = part(4).filter(|year| year.len() == 4)?.parse().ok()?;
    let month = part(2)?.parse().ok()?;
    let date = part(2)?.parse().ok()?;
    let day = NaiveDate::from_ymd_opt(year, month, date)?;
    let time = match time {
        Some(time) => self::time(time)?,
        None => NaiveTime::MIN,
    };
    Some(day.and_time(time))
}

/// A time of day: `10:30`, `10:30:00.000+00:00`.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let end = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let text = text[..end].trim();
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M"))
        .ok()
}

/// The days since 1970, with their fraction.
pub(super) fn days(moment: NaiveDateTime) -> f64 {
    moment.and_utc().timestamp_millis() as f64 / 86_400_000.0
}

/// The fraction of a day that a time is.
pub(super) fn fraction(time: NaiveTime) -> f64 {
    let seconds = f64::from(time.num_seconds_from_midnight());
    (seconds + f64::from(time.nanosecond()) / 1e9) / 86_400.0
}

/// The moment of so many days since 1970.
pub(super) fn of_days(days: f64) -> Option<NaiveDateTime> {
    let milliseconds = days * 86_400_000.0;
    if !milliseconds.is_finite() || milliseconds.abs() > 1e15 {
        return None;
    }
    DateTime::from_timestamp_millis(milliseconds.round() as i64).map(|moment| moment.naive_utc())
}

/// A day as it is written in answers.
pub(super) fn day_text(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d").to_string()
}

/// A day with its time as it is written in answers.
pub(super) fn moment_text(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.3f").to_string()
}

/// A moment in the form that ODK's signs ask for; a sign that is unknown stays as it is.
pub(super) fn formatted(moment: NaiveDateTime, form: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut text = String::new();
    let mut signs = form.chars();
    while let Some(sign) = signs.next() {
        if sign != '%' {
            text.push(sign);
            continue;
        }
        match signs.next() {
            Some('Y') => text.push_str(&format!("{:04}", moment.year())),
            Some('y') => text.push_str(&format!("{:02}", moment.year().rem_euclid(100))),
            Some('m') => text.push_str(&format!("{:02}", moment.month())),
            Some('n') => text.push_str(&moment.month().to_string()),
            Some('b') => text.push_str(MONTHS[moment.month0() as usize]),
            Some('d') => text.push_str(&format!("{:02}", moment.day())),
            Some('e') => text.push_str(&moment.day().to_string()),
            Some('a') => {
                text.push_str(DAYS[moment.weekday().num_days_from_monday() as usize]);
            }
            Some('H') => text.push_str(&format!("{:02}", moment.hour())),
            Some('h') => text.push_str(&moment.hour().to_string()),
            Some('M') => text.push_str(&format!("{:02}", moment.minute())),
            Some('S') => text.push_str(&format!("{:02}", moment.second())),
            Some('3') => {
                let milliseconds = moment.and_utc().timestamp_subsec_millis().min(999);
                text.push_str(&format!("{milliseconds:03}"));
            }
            Some('%') => text.push('%'),
            Some(other) => text.extend(['%', other]),
            None => text.push('%'),
        }
    }
    text
}

/// A number to so many decimal places; what lies half-way goes towards the greater, as it stands in writing: 2.345 is half-way
/// between 2.34 and 2.35.
pub(super) fn rounded(number: f64, places: i32) -> f64 {
    if !number.is_finite() {
        return number;
    }
    let moved = |number: f64, places: i32| {
        let shown = format!("{number:e}");
        let (digits, power) = shown.split_once('e').unwrap_or((&shown, "0"));
        let power = power.parse::<i32>().unwrap_or(0).saturating_add(places);
        format!("{digits}e{power}").parse::<f64>().unwrap_or(number)
    };
    let places = places.clamp(-300, 300);
    let whole = moved(number, places);
    if !whole.is_finite() {
        return number;
    }
    moved((whole + 0.5).floor(), -places)
}
