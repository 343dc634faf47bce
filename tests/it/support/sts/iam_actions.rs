//! The actions of IAM that awsmfa calls, each about the user who calls.

use std::collections::BTreeMap;

use super::answer::{Answer, element};
use super::authenticate::Caller;
use super::clock;
use super::iam::Iam;
use super::principal::Principal;
use super::refusal::{self, Refusal};
use super::user::User;

pub const VERSION: &str = "2010-05-08";

type Values = BTreeMap<String, String>;

pub fn perform(iam: &Iam, caller: Caller, values: &Values) -> Result<Answer, Refusal> {
    let Principal::User(user) = &caller.principal else {
        return Err(refusal::not_a_user());
    };
    if caller.has_session && caller.mfa_at.is_none() {
        return Err(refusal::unknown_key()); // a session without MFA is nobody to IAM
    }
    let value = |name: &str| values.get(name).map_or("", String::as_str);
    if !["", user.name.as_str()].contains(&value("UserName")) {
        return Err(refusal::validation(
            "this local IAM knows nobody but the caller",
        ));
    }
    let action = value("Action");
    user.may(action, caller.mfa_at.is_some())?;
    let result = match (action, value("Version")) {
        ("ListMFADevices", VERSION) => mfa_devices(iam, user, values),
        ("ListAccessKeys", VERSION) => access_keys(iam, user, values),
        ("CreateAccessKey", VERSION) => {
            let key = iam
                .keys()
                .create(user, iam.now(), iam.new_key_unknown_for)?;
            let fields = [
                ("UserName", key.user),
                ("AccessKeyId", key.id),
                ("Status", "Active".to_owned()),
                ("SecretAccessKey", key.secret),
                ("CreateDate", clock::rfc3339(key.created)),
            ];
            Ok(format!("<AccessKey>\n{}</AccessKey>\n", elements(fields)))
        }
        ("UpdateAccessKey", VERSION) => {
            let is_active = match value("Status") {
                "Active" => true,
                "Inactive" => false,
                other => return Err(refusal::validation(format!("Value '{other}' at 'status'"))),
            };
            iam.keys()
                .set_active(user, value("AccessKeyId"), is_active)
                .map(|()| String::new())
        }
        ("DeleteAccessKey", VERSION) => iam
            .keys()
            .delete(user, value("AccessKeyId"))
            .map(|()| String::new()),
        ("GetAccessKeyLastUsed", VERSION) => {
            let key = iam.keys().find(user, value("AccessKeyId"))?;
            let date = key.last_used.map(clock::rfc3339);
            let date = date.map(|date| element("", "LastUsedDate", &date));
            let (service, region) = match date {
                Some(_) => ("sts", "us-east-1"),
                None => ("N/A", "N/A"),
            };
            let rest = elements([
                ("ServiceName", service.to_owned()),
                ("Region", region.to_owned()),
            ]);
            let date = date.unwrap_or_default();
            let name = element("", "UserName", &user.name);
            Ok(format!(
                "{name}<AccessKeyLastUsed>\n{date}{rest}</AccessKeyLastUsed>\n"
            ))
        }
        (action, version) => Err(refusal::unknown_action(action, version)),
    }?;
    Ok(Answer::Iam {
        action: action.to_owned(),
        result,
    })
}

fn mfa_devices(iam: &Iam, user: &User, values: &Values) -> Result<String, Refusal> {
    let devices = user.devices().into_iter().map(|serial| {
        elements([
            ("UserName", user.name.clone()),
            ("SerialNumber", serial),
            ("EnableDate", clock::rfc3339(iam.now() - 86_400)),
        ])
    });
    Ok(page(
        "MFADevices",
        &devices.collect::<Vec<_>>(),
        iam,
        values,
    ))
}

fn access_keys(iam: &Iam, user: &User, values: &Values) -> Result<String, Refusal> {
    let keys = iam.keys().of_user(user).into_iter().map(|key| {
        let status = if key.is_active { "Active" } else { "Inactive" };
        elements([
            ("UserName", key.user),
            ("AccessKeyId", key.id),
            ("Status", status.to_owned()),
            ("CreateDate", clock::rfc3339(key.created)),
        ])
    });
    Ok(page(
        "AccessKeyMetadata",
        &keys.collect::<Vec<_>>(),
        iam,
        values,
    ))
}

/// A part of a list; the marker says how many came before it.
fn page(list: &str, members: &[String], iam: &Iam, values: &Values) -> String {
    let from: usize = values
        .get("Marker")
        .and_then(|marker| marker.parse().ok())
        .unwrap_or(0);
    let to = members.len().min(from + iam.page_size);
    let members_of_page = members.get(from..to).unwrap_or_default();
    let inside: String = members_of_page
        .iter()
        .map(|member| format!("<member>\n{member}</member>\n"))
        .collect();
    let marker = (to < members.len()).then(|| element("", "Marker", &to.to_string()));
    let is_truncated = element("", "IsTruncated", &marker.is_some().to_string());
    let marker = marker.unwrap_or_default();
    format!("<{list}>\n{inside}</{list}>\n{is_truncated}{marker}")
}

fn elements<const N: usize>(fields: [(&str, String); N]) -> String {
    fields
        .map(|(name, value)| element("  ", name, &value))
        .concat()
}
