//! The shapes, a config file each with what comes of its profiles. The names and values are ours.

/// A config file as one of these tools' pages shows it, and the long-term keys that the tool has for it.
pub struct Shape {
    /// The tool and the page.
    pub from: &'static str,
    pub config: &'static str,
    /// The profiles whose long-term keys are there: in the files here, where the tool has a store of its own.
    pub keys: &'static [&'static str],
    /// Its profiles, and what comes of them.
    pub profiles: &'static [(&'static str, Ends)],
}

/// What comes of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// A plan.
    Plan,
    /// An error, and another one after its hint was followed, and so on: so many until there is a plan.
    Hints(usize),
    /// A placeholder in place of a value: no tool can run it. The error says what the value would look like.
    Nowhere(&'static str),
}
use Ends::{Hints, Nowhere, Plan};

/// A value that is none.
const NO_ROLE: Ends = Nowhere("a role's ARN looks like arn:aws:iam::123456789012:role/NAME");
const NO_SERIAL: Ends = Nowhere("it looks like arn:aws:iam::123456789012:mfa/NAME");

pub const SHAPES: &[Shape] = &[
    Shape {
        from: "aws-vault, README: roles and MFA",
        config: "\
[default]
region = eu-west-1
[profile ann]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
[profile look]
source_profile = ann
role_arn = arn:aws:iam::210987654321:role/Look
[profile change]
source_profile = ann
role_arn = arn:aws:iam::210987654321:role/Change
mfa_serial = arn:aws:iam::123456789012:mfa/ann
[profile third-one]
source_profile = ann
role_arn = arn:aws:iam::333333333333:role/One
mfa_serial = arn:aws:iam::123456789012:mfa/ann
[profile third-two]
source_profile = third
role_arn = arn:aws:iam::333333333333:role/Two
mfa_serial = arn:aws:iam::123456789012:mfa/ann
",
        keys: &["ann"],
        profiles: &[
            ("default", Hints(1)),
            ("ann", Plan),
            ("look", Plan),
            ("change", Plan),
            ("third-one", Plan),
            ("third-two", Hints(1)),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: it runs the command",
        config: "\
[profile store]
[profile on-store]
source_profile=store
role_arn=rrr
",
        keys: &["store"],
        profiles: &[("store", Plan), ("on-store", NO_ROLE)],
    },
    Shape {
        from: "aws-vault, USAGE: it gives the long-term keys",
        config: "\
[profile store]
credential_process = aws-vault export --no-session --format=json store
[profile on-store]
source_profile=store
role_arn=rrr
",
        keys: &[],
        profiles: &[("store", Plan), ("on-store", NO_ROLE)],
    },
    Shape {
        from: "aws-vault, USAGE: it gives the MFA session",
        config: "\
[profile store]
mfa_serial=sss
credential_process = aws-vault export --format=json store
[profile on-store]
source_profile=store
mfa_serial=sss
role_arn=rrr
[profile on-store-too]
source_profile=store
mfa_serial=sss
role_arn=rrr2
",
        keys: &[],
        profiles: &[
            ("store", NO_SERIAL),
            ("on-store", NO_ROLE),
            ("on-store-too", NO_ROLE),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: it caches what others give",
        config: "\
[profile by-sso]
sso_start_url = https://acme.awsapps.com/start
[profile by-process]
credential_process = acme-keys --json
",
        keys: &[],
        profiles: &[("by-sso", Hints(3)), ("by-process", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: include_profile as a fragment",
        config: "\
; what the others have in common
[profile shared]
region=eu-west-1
mfa_serial=arn:aws:iam::123456789012:mfa/ann
source_profile = base
[profile base]
include_profile = shared
[profile orders-dev]
include_profile = shared
role_arn=arn:aws:iam::123456789012:role/dev
[profile orders-admin]
include_profile = shared
role_arn=arn:aws:iam::123456789012:role/admin
",
        keys: &["base"],
        profiles: &[
            ("shared", Hints(1)),
            ("base", Plan),
            ("orders-dev", Plan),
            ("orders-admin", Plan),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: include_profile as a parent",
        config: "\
[profile base]
region=eu-west-1
mfa_serial=arn:aws:iam::123456789012:mfa/ann
source_profile = base
[profile orders-dev]
include_profile = base
role_arn=arn:aws:iam::123456789012:role/dev
[profile orders-admin]
include_profile = base
role_arn=arn:aws:iam::123456789012:role/admin
",
        keys: &["base"],
        profiles: &[
            ("base", Plan),
            ("orders-dev", Plan),
            ("orders-admin", Plan),
        ],
    },
    Shape {
        from: "aws-vault 5, USAGE: parent_profile",
        config: "\
[default]
region = eu-west-1
[profile master]
[profile parent]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
duration_seconds = 900
[profile account]
parent_profile = parent
source_profile = master
role_arn = arn:aws:iam::210987654321:role/Admin
",
        keys: &["master"],
        profiles: &[
            ("master", Plan),
            ("parent", Hints(1)),
            ("account", Plan),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: session_tags and source_identity",
        config: "\
[profile base]
region=eu-west-1
[profile tagged]
source_profile = base
role_arn=arn:aws:iam::123456789012:role/dev
session_tags = team=blue,cost=12
transitive_session_tags = team
[profile named]
source_profile = base
role_arn=arn:aws:iam::123456789012:role/dev
source_identity=ann
",
        keys: &["base"],
        profiles: &[("base", Plan), ("tagged", Plan), ("named", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: mfa_process, and a Yubikey",
        config: "\
[profile by-pass]
mfa_serial=arn:aws:iam::123456789012:mfa/ann
mfa_process=pass otp aws
[profile by-op]
mfa_serial=arn:aws:iam::123456789012:mfa/ann
mfa_process=op item get aws --otp
[profile by-key]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
mfa_process = ykman oath accounts code --single arn:aws:iam::123456789012:mfa/ann
",
        keys: &["by-pass", "by-op", "by-key"],
        profiles: &[("by-pass", Plan), ("by-op", Plan), ("by-key", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: several profiles",
        config: "\
[default]
region = eu-west-1
[profile home]
mfa_serial = arn:aws:iam::123456789012:mfa/home
[profile work]
mfa_serial = arn:aws:iam::210987654321:mfa/work
role_arn = arn:aws:iam::210987654321:role/Look
[profile work-admin]
role_arn = arn:aws:iam::210987654321:role/Admin
source_profile = work
",
        keys: &["home", "work"],
        profiles: &[("home", Plan), ("work", Plan), ("work-admin", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: MFA",
        config: "\
[profile bob]
mfa_serial = arn:aws:iam::123456789012:mfa/bob
[profile one]
source_profile = bob
role_arn = arn:aws:iam::210987654321:role/one
mfa_serial = arn:aws:iam::123456789012:mfa/bob
[profile two]
source_profile = bob
role_arn = arn:aws:iam::333333333333:role/two
mfa_serial = arn:aws:iam::123456789012:mfa/bob
",
        keys: &["bob"],
        profiles: &[("bob", Plan), ("one", Plan), ("two", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: MFA by include_profile",
        config: "\
[profile bob]
mfa_serial = arn:aws:iam::123456789012:mfa/bob
source_profile=bob
[profile one]
role_arn = arn:aws:iam::210987654321:role/one
include_profile = bob
[profile two]
role_arn = arn:aws:iam::333333333333:role/two
include_profile = bob
",
        keys: &["bob"],
        profiles: &[("bob", Plan), ("one", Plan), ("two", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: MFA by [default]",
        config: "\
[default]
mfa_serial = arn:aws:iam::123456789012:mfa/bob
source_profile = bob
[profile bob]
[profile one]
role_arn = arn:aws:iam::210987654321:role/one
",
        keys: &["bob"],
        profiles: &[("bob", Plan), ("one", Hints(1))],
    },
    Shape {
        from: "aws-vault 4, USAGE: chains",
        config: "\
[profile look]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
[profile admin-a]
source_profile = look
role_arn = arn:aws:iam::123456789012:role/admin
[profile admin-b]
source_profile = look
role_arn = arn:aws:iam::210987654321:role/admin
[profile between]
source_profile = look
role_arn = arn:aws:iam::123456789012:role/between
[profile goal]
source_profile = between
role_arn = arn:aws:iam::123456789012:role/goal
",
        keys: &["look"],
        profiles: &[
            ("look", Plan),
            ("admin-a", Plan),
            ("admin-b", Plan),
            ("between", Plan),
            ("goal", Plan),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: single sign-on, and a role on it (with the page's mistyped bracket)",
        config: "\
[profile Admin-123456789012]
sso_start_url=https://acme.awsapps.com/start
sso_region=eu-west-1
sso_account_id=123456789012
sso_role_name=Admin
[profile Other-210987654321]
role_arn=arn:aws:iam::210987654321:role/Other
source_profile=Admin-123456789012]
",
        keys: &[],
        profiles: &[
            ("Admin-123456789012", Plan),
            ("Other-210987654321", Hints(1)),
        ],
    },
    Shape {
        from: "aws-vault, USAGE: web identities",
        config: "\
[profile by-file]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = /var/run/token
[profile by-process]
role_arn = arn:aws:iam::210987654321:role/web
web_identity_token_process = oidc-token raw
",
        keys: &[],
        profiles: &[("by-file", Plan), ("by-process", Plan)],
    },
    Shape {
        from: "aws-vault, USAGE: credential_process",
        config: "\
[profile home]
credential_process = aws-vault export --format=json home
[profile work]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
credential_process = aws-vault --prompt=osascript export --format=json work
[profile ann]
credential_process = aws-vault export --no-session --format=json ann
[profile on-ann]
mfa_serial = arn:aws:iam::123456789012:mfa/ann
role_arn = arn:aws:iam::333333333333:role/two
source_profile = ann
",
        keys: &[],
        profiles: &[
            ("home", Plan),
            ("work", Plan),
            ("ann", Plan),
            ("on-ann", Plan),
        ],
    },
    Shape {
        from: "granted, credential process: before and after",
        config: "\
[profile before]
sso_account_id = 123456789012
sso_region = eu-west-1
sso_role_name = Reader
sso_start_url = https://acme.awsapps.com/start
[profile after]
granted_sso_account_id = 123456789012
granted_sso_region = eu-west-1
granted_sso_role_name = Reader
granted_sso_start_url = https://acme.awsapps.com/start
credential_process = granted credential-process --profile after
",
        keys: &[],
        profiles: &[("before", Plan), ("after", Plan)],
    },
    Shape {
        from: "granted, sso generate and populate, with a registry's marks",
        config: "\
[sso-session corp]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
# granted_registry_start: acme
[profile Shop-Prod/Reader]
granted_sso_start_url      = https://acme.awsapps.com/start
granted_sso_region         = eu-west-1
granted_sso_account_id     = 123456789012
granted_sso_role_name      = Reader
common_fate_generated_from = aws-sso
credential_process         = granted credential-process --profile Shop-Prod/Reader
[profile Shop-Dev/Reader]
sso_session                = corp
sso_account_id             = 123456789012
common_fate_generated_from = aws-sso
sso_role_name              = Reader
region                     = eu-west-1
[profile Shop-Dev/Admin]
sso_session                = corp
granted_sso_account_id     = 123456789012
granted_sso_role_name      = Admin
credential_process         = granted credential-process --profile Shop-Dev/Admin
[profile Shop-Dev/NoProcess]
granted_sso_account_id     = 123456789012
granted_sso_role_name      = Admin
# granted_registry_end: acme
",
        keys: &[],
        profiles: &[
            ("Shop-Prod/Reader", Plan),
            ("Shop-Dev/Reader", Plan),
            ("Shop-Dev/Admin", Plan),
            ("Shop-Dev/NoProcess", Hints(2)),
        ],
    },
    Shape {
        from: "aws-sso-cli, config-profiles, and its comparison with aws-vault",
        config: "\
[profile Alone]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_account_id = 012345678901
sso_role_name = Reader
# BEGIN_AWS_SSO_CLI
[profile 012345678901:Reader]
credential_process = /usr/local/bin/aws-sso -u open -S \"Default\" process --arn arn:aws:iam::012345678901:role/Reader
[profile via]
role_arn = arn:aws:iam::210987654321:role/Via
source_profile = 012345678901:Reader
# END_AWS_SSO_CLI
",
        keys: &[],
        profiles: &[
            ("Alone", Plan),
            ("012345678901:Reader", Plan),
            ("via", Plan),
        ],
    },
];
