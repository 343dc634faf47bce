//! The `setting.ini` beside an `mfa.bat`: `ARN=…` and `DurationSeconds=…`. Pure.

use crate::error::{Error, Location, Origin, Result};
use crate::model::duration::DurationSeconds;
use crate::model::serial::Serial;
use std::path::Path;

/// What the file says; both lines are optional.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SettingIni {
    /// `ARN`: the serial of the MFA device.
    pub serial: Option<Serial>,
    /// `DurationSeconds`: seconds, or a duration such as `36h`.
    pub duration: Option<DurationSeconds>,
}

/// Reads the bytes of the file at `path` (which only errors name).
///
/// The bytes are not decoded: in CP932 (Notepad in Japan) as in UTF-8 no byte of a multi-byte
/// character is `=`, `;`, `#`, `[` at a line's start or a line end, and both values are ASCII.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<SettingIni> {
    let at = |line: usize| Location {
        path: path.to_owned(),
        line,
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Error::SettingIni {
            location: at(1),
            reason: "the file is UTF-16",
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut setting = SettingIni::default();
    for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let line = line.trim_ascii();
        if matches!(line.first(), None | Some(b';' | b'#' | b'[')) {
            continue;
        }
        let location = at(index + 1);
        let Some(equals) = line.iter().position(|b| *b == b'=') else {
            return Err(Error::SettingIni {
                location,
                reason: "the line is not NAME=VALUE",
            });
        };
        let (key, value) = line.split_at(equals);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is = |name: &str| key.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        if !is("ARN") && !is("DurationSeconds") {
            continue; // the batch file's own settings
        }
        let Ok(value) = std::str::from_utf8(value) else {
            return Err(Error::SettingIni {
                location,
                reason: "the value is not plain text",
            });
        };
        let value = unquoted(value);
        if is("ARN") {
            setting.serial = Some(Serial::parse(Origin::Line(location), value)?);
        } else if value.is_empty() {
            return Err(Error::SettingIni {
                location,
                reason: "DurationSeconds has no value",
            });
        } else {
            let duration = DurationSeconds::parse("DurationSeconds", value);
            setting.duration = Some(duration.map_err(|error| error.at(location))?);
        }
    }
    if setting == SettingIni::default() {
        return Err(Error::SettingIni {
            location: at(1),
            reason: "the file has neither an ARN= nor a DurationSeconds= line",
        });
    }
    Ok(setting)
}

/// Some copies of the file quote the value, because the batch file strips quotes.
fn unquoted(value: &str) -> &str {
    value
        .strip_prefix('"')
        .and_then(|v| v.strip_suffix('"'))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:iam::123456789012:mfa/alice";

    fn parsed(bytes: &[u8]) -> Result<SettingIni> {
        parse(Path::new("setting.ini"), bytes)
    }

    #[test]
    fn sections_comments_byte_order_mark_cp932_and_crlf_are_accepted() {
        let mut bytes =
            b"\xef\xbb\xbf[mfa]\r\n; \x83\x5c\x83\x74\x83\x67 comment\r\n# x\r\n".to_vec();
        bytes.extend(format!("arn = {ARN}\r\nDurationSeconds=129600\r\nName=\u{0}\r\n").bytes());
        let setting = parsed(&bytes).unwrap();
        assert_eq!(setting.serial.unwrap().as_str(), ARN);
        assert_eq!(setting.duration.unwrap().0, 129_600);
    }

    #[test]
    fn a_broken_file_names_its_line() {
        for (bytes, line) in [
            (&b"ARN\n"[..], 1),
            (b"\nDurationSeconds=\n", 2),
            (b"\xff\xfeA\0", 1),
            (b"ARN=\x83\x5c\n", 1),
            (b"; nothing\n", 1),
        ] {
            match parsed(bytes) {
                Err(Error::SettingIni { location, .. }) => assert_eq!(location.line, line),
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(
            parsed(b"ARN=arn:aws:iam::1:user/x\n"),
            Err(Error::SerialMalformed { .. })
        ));
    }
}
