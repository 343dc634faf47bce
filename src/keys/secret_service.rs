//! Secret Service (GNOME Keyring, KWallet, KeePassXC) over D-Bus: one item for each access key.
//!
//! The secret crosses the session bus as it is ("plain"): the bus is a socket of this user, and a program
//! that can listen there can ask the service itself.

use std::time::Duration;

use super::dbus::{Connection, Failure, Message, Value, Writer};
use super::place::Trouble;
use crate::environment::Environment;
use crate::error::NoTerminal;
use crate::model::session::Secret;

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
/// What says "no object" where one is named.
const NOTHING: &str = "/";
/// As long as somebody may take to type the password of a key store.
const AT_THE_DIALOG: Duration = Duration::from_secs(120);

/// An open session with the service.
pub struct SecretService {
    bus: Connection,
    session: String,
    /// Whether a dialog may be raised.
    may_ask: bool,
}

impl SecretService {
    /// Connects, and starts the service where it is installed and not running.
    pub fn open(env: &Environment, may_ask: bool) -> Result<Self, Trouble> {
        let mut bus = Connection::open(env).map_err(trouble)?;
        let open = service("OpenSession").with("sv", |w| {
            w.text("plain").signature("s").text("");
        });
        let opened = bus.call(open).map_err(trouble)?;
        let session = path(opened.get(1))?;
        Ok(Self {
            bus,
            session,
            may_ask,
        })
    }

    /// Whether a new key would have a place: some services start without any collection.
    pub fn has_collection(&mut self) -> bool {
        self.collection().is_ok()
    }

    /// The secret of a key, `None` where the service has none.
    pub fn get(&mut self, access_key_id: &str) -> Result<Option<Secret>, Trouble> {
        let Some(item) = self.unlocked_item(access_key_id)? else {
            return Ok(None);
        };
        let session = self.session.clone();
        let get = call(&item, "Item", "GetSecret").with("o", |w| {
            w.text(&session);
        });
        let answer = self.bus.call(get).map_err(trouble)?;
        let Some([_, _, Value::Bytes(secret), _]) = answer.first().map(Value::list) else {
            return Err(strange());
        };
        let secret = std::str::from_utf8(secret).map_err(|_| strange())?;
        Ok(Some(Secret::new(secret)))
    }

    /// Keeps a key, in place of an item of the same key.
    pub fn put(
        &mut self,
        access_key_id: &str,
        profile: &str,
        secret: &Secret,
    ) -> Result<(), Trouble> {
        let collection = self.collection()?;
        if self.is_locked(&collection)? {
            self.unlock(&collection)?;
        }
        let label = format!("awsmfa: access key {access_key_id} (profile {profile})");
        let session = self.session.clone();
        let create = call(&collection, "Collection", "CreateItem").with("a{sv}(oayays)b", |w| {
            w.array(8, |w| {
                w.group(|w| {
                    w.text("org.freedesktop.Secret.Item.Label")
                        .signature("s")
                        .text(&label);
                });
                w.group(|w| {
                    w.text("org.freedesktop.Secret.Item.Attributes")
                        .signature("a{ss}");
                    w.texts_by_name(&attributes(access_key_id));
                });
            });
            w.group(|w| {
                w.text(&session).bytes(b"");
                w.bytes(secret.expose().as_bytes()).text("text/plain");
            });
            w.bool(true);
        });
        let made = self.bus.call(create).map_err(trouble)?;
        let prompt = path(made.get(1))?;
        self.answer(&prompt)
    }

    /// Forgets a key; one that is not there is forgotten already.
    pub fn remove(&mut self, access_key_id: &str) -> Result<(), Trouble> {
        let Some(item) = self.unlocked_item(access_key_id)? else {
            return Ok(());
        };
        let removed = self
            .bus
            .call(call(&item, "Item", "Delete"))
            .map_err(trouble)?;
        let prompt = path(removed.first())?;
        self.answer(&prompt)
    }

    /// The item of a key, unlocked, which may take a dialog.
    fn unlocked_item(&mut self, access_key_id: &str) -> Result<Option<String>, Trouble> {
        let search = service("SearchItems").with("a{ss}", |w| {
            w.texts_by_name(&attributes(access_key_id));
        });
        let found = self.bus.call(search).map_err(trouble)?;
        let of = |at: usize| found.get(at).map(Value::texts).unwrap_or_default();
        if let Some(item) = of(0).into_iter().next() {
            return Ok(Some(item));
        }
        let Some(item) = of(1).into_iter().next() else {
            return Ok(None);
        };
        self.unlock(&item)?;
        Ok(Some(item))
    }

    fn collection(&mut self) -> Result<String, Trouble> {
        let read = service("ReadAlias").with("s", |w| {
            w.text("default");
        });
        let alias = self.bus.call(read).map_err(trouble)?;
        match path(alias.first())?.as_str() {
            NOTHING => Err(Trouble::Failed(
                "it has no default keyring to put a key into".to_owned(),
            )),
            collection => Ok(collection.to_owned()),
        }
    }

    fn is_locked(&mut self, collection: &str) -> Result<bool, Trouble> {
        let get = Message::call(
            SERVICE,
            collection,
            "org.freedesktop.DBus.Properties",
            "Get",
        );
        let get = get.with("ss", |w| {
            w.text("org.freedesktop.Secret.Collection").text("Locked");
        });
        let answer = self.bus.call(get).map_err(trouble)?;
        let locked = Value::Variant(Box::new(Value::Bool(true)));
        Ok(answer.first() == Some(&locked))
    }

    fn unlock(&mut self, object: &str) -> Result<(), Trouble> {
        if !self.may_ask {
            return Err(Trouble::Locked(NoTerminal::NoInput));
        }
        let unlock = service("Unlock").with("ao", |w| {
            w.array(4, |w: &mut Writer| {
                w.text(object);
            });
        });
        let answer = self.bus.call(unlock).map_err(trouble)?;
        let prompt = path(answer.get(1))?;
        self.answer(&prompt)
    }

    /// Raises the dialog that the service wants, and waits for it to be answered.
    fn answer(&mut self, prompt: &str) -> Result<(), Trouble> {
        if prompt == NOTHING {
            return Ok(());
        }
        if !self.may_ask {
            return Err(Trouble::Locked(NoTerminal::NoInput));
        }
        self.bus.listen(prompt).map_err(trouble)?;
        let show = call(prompt, "Prompt", "Prompt").with("s", |w| {
            w.text("");
        });
        let completed = self.bus.wait_for(prompt, "Completed", show, AT_THE_DIALOG);
        match completed.map_err(trouble)?.first() {
            Some(Value::Bool(false)) => Ok(()),
            _ => Err(Trouble::Failed(
                "its dialog was dismissed, or there is no display to show it on".to_owned(),
            )),
        }
    }
}

fn attributes(access_key_id: &str) -> [(&str, &str); 2] {
    [("application", "awsmfa"), ("access_key_id", access_key_id)]
}

fn service(member: &str) -> Message {
    call(ROOT, "Service", member)
}

fn call(path: &str, interface: &str, member: &str) -> Message {
    let interface = format!("org.freedesktop.Secret.{interface}");
    Message::call(SERVICE, path, &interface, member)
}

fn path(value: Option<&Value>) -> Result<String, Trouble> {
    value
        .and_then(Value::text)
        .map(str::to_owned)
        .ok_or_else(strange)
}

fn strange() -> Trouble {
    Trouble::Failed("its answer is not what Secret Service sends".to_owned())
}

fn trouble(failure: Failure) -> Trouble {
    match failure {
        Failure::Refused { name, .. } if name == "org.freedesktop.Secret.Error.IsLocked" => {
            Trouble::Locked(NoTerminal::NoInput)
        }
        Failure::Refused { name, .. }
            if name == "org.freedesktop.DBus.Error.ServiceUnknown"
                || name == "org.freedesktop.DBus.Error.NameHasNoOwner" =>
        {
            Trouble::NotThere("no program offers Secret Service on the session bus".to_owned())
        }
        Failure::Refused { .. } => Trouble::Failed(failure.to_string()),
        Failure::Strange(_) | Failure::Io(_) => Trouble::NotThere(failure.to_string()),
    }
}
