use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use super::*;

/// A folder with a file of settings in it, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn with(file: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("switchyard-config-{:016x}", rand::random::<u64>()));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("switchyard.toml"), file).unwrap();
        private(&folder.join("switchyard.toml"));
        Self(folder)
    }

    fn read(&self, arguments: &str, variables: &[(&str, &str)]) -> Result<(Cli, Vec<Given>), Refused> {
        let arguments: Vec<OsString> = format!("switchyard {arguments}").split_whitespace().map(Into::into).collect();
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        read(&arguments, &|name| variables.get(name).map(Into::into), &self.0)
    }

    fn config(&self, arguments: &str, variables: &[(&str, &str)]) -> Config {
        self.read(arguments, variables).unwrap_or_else(|refused| panic!("{refused:?}")).0.config
    }

    fn faults(&self, arguments: &str, variables: &[(&str, &str)]) -> Vec<String> {
        match self.read(arguments, variables) {
            Err(Refused::Faults { faults, .. }) => faults.iter().map(ToString::to_string).collect(),
            Ok((cli, _)) => panic!("{cli:?}"),
            Err(Refused::Usage(error)) => panic!("{error}"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &Path) {}

#[test]
fn a_flag_goes_before_a_variable_and_a_variable_before_the_file() {
    let folder = Folder::with("port = 4001\nsweep_secs = 41\nkeep_days = 11\n[demo]\nring_secs = 5\ncallers = false\n");
    let variables = [("PORT", "4002"), ("SWEEP_SECS", "42"), ("HOST", "")];
    let config = folder.config("serve --port 4003", &variables);
    assert_eq!((config.port, config.sweep_secs, config.keep_days), (4003, 42, 11));
    assert_eq!(config.host.to_string(), "127.0.0.1", "an empty variable is none");
    let config = folder.config("--port 4003 serve", &variables);
    assert_eq!(config.port, 4003, "wherever the flag stands");

    let (cli, given) = folder.read("demo --wrap-up-secs 6", &[("DEMO_RING_SECS", "7")]).unwrap();
    let Task::Demo { demo } = cli.task else { panic!("{:?}", cli.task) };
    assert_eq!((demo.ring_secs, demo.wrap_up_secs, demo.park_secs, demo.callers), (7, 6, 60, false));
    let place = |key: &str| given.iter().find(|given| given.key == key).unwrap().place.to_string();
    assert_eq!(place("demo.callers"), "switchyard.toml:6");
    assert_eq!(place("demo.ring_secs"), "DEMO_RING_SECS");
    assert_eq!(place("demo.wrap_up_secs"), "--wrap-up-secs");
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let folder = Folder::with(
        "prot = 3000\nport = 0\nhost = \"everywhere\"\npublic_url = \"floor.example\"\nkeep_days = [7]\n\
         trusted_proxies = -1\nsecret_key = \"short\"\nlog = maybe\n\n[demo]\ncallers = \"perhaps\"\n[mail]\nfrom = \"x\"\n",
    );
    let variables = [("TWILIO_URL", "https://api.example/path"), ("DATABASE_URL", "mysql://root:hunter2@db/x")];
    let faults = folder.faults("serve --sweep-secs 0", &variables);
    let expected = [
        "switchyard.toml:8: ",
        "switchyard.toml:1: there is no setting \"prot\"",
        "switchyard.toml:5: keep_days must be a text in quotes, a whole number, true or false",
        "switchyard.toml:13: there is no setting \"mail.from\"",
        "switchyard.toml:3: host is \"everywhere\", and must be an IP address",
        "switchyard.toml:2: port is \"0\", and must be a whole number from 1 to 65535",
        "switchyard.toml:4: public_url is \"floor.example\", and must be http:// or https://",
        "TWILIO_URL: twilio_url is \"https://api.example/path\", and must be",
        "DATABASE_URL: database_url must be sqlite://FILE or postgres://",
        "switchyard.toml:6: trusted_proxies is \"-1\", and must be a whole number from 0 to 10",
        "switchyard.toml:7: secret_key cannot be used: a secret key must be 32 bytes in base64",
        "--sweep-secs: sweep_secs is \"0\", and must be a whole number from 1",
        "switchyard.toml:11: demo.callers is \"perhaps\", and must be true or false",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault} is not {expected}");
        assert!(!fault.contains("hunter2") && !fault.contains("short"), "no secret is repeated: {fault}");
    }
}

#[test]
fn what_cannot_be_together_and_files_that_cannot_be_used_are_faults() {
    let folder = Folder::with("secret_key_file = \"my.key\"\n");
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let both = folder.faults("serve", &[("SECRET_KEY", key)]);
    assert_eq!(both.len(), 1);
    assert!(
        both[0].starts_with("SECRET_KEY: secret_key is given, and secret_key_file by switchyard.toml:1"),
        "{both:?}"
    );

    fs::write(folder.0.join("my.key"), "no key").unwrap();
    let open = folder.faults("serve", &[]);
    assert!(open.len() == 1 && open[0].starts_with("switchyard.toml:1: ") && open[0].contains("chmod 600"), "{open:?}");
    private(&folder.0.join("my.key"));
    let none = folder.faults("serve", &[("PORT", "x")]);
    assert!(none.len() == 2 && none[1].contains("32 bytes"), "beside everything else: {none:?}");
    fs::remove_file(folder.0.join("my.key")).unwrap();
    folder.config("serve", &[]);
    assert!(!folder.0.join("my.key").exists(), "looking makes none");

    let missing = folder.faults("serve --config elsewhere.toml", &[]);
    assert!(missing.len() == 1 && missing[0].starts_with("elsewhere.toml: the file cannot be read"), "{missing:?}");
}

#[cfg(unix)]
#[test]
fn a_file_with_a_secret_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("secret_key = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"\n");
    folder.config("serve", &[]);
    fs::set_permissions(folder.0.join("switchyard.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    let faults = folder.faults("serve", &[]);
    assert!(faults.len() == 1 && faults[0].contains("chmod 600"), "{faults:?}");
}

#[test]
fn another_file_may_be_named() {
    let folder = Folder::with("port = 1");
    fs::write(folder.0.join("other.toml"), "port = 2").unwrap();
    assert_eq!(folder.config("serve --config other.toml", &[]).port, 2);
    assert_eq!(folder.config("serve", &[("SWITCHYARD_CONFIG", "other.toml")]).port, 2);
    assert_eq!(folder.config("serve", &[]).port, 1);
}

#[test]
fn the_check_says_where_each_value_is_from_and_no_secret() {
    let folder = Folder::with("port = 8080\n");
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let database = "postgres://sw:hunter2@db.example/switchyard?password=hunter3";
    let variables = [("DATABASE_URL", database), ("SECRET_KEY", key), ("DEMO_AUTH_TOKEN", "hunter4")];
    let (cli, given) = folder.read("config check", &variables).unwrap();
    let told = told(&cli.config, &given);
    for secret in ["hunter", key] {
        assert!(!told.contains(secret), "{told}");
    }
    let line = |key: &str| {
        let line = told.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("port"), "port 8080 switchyard.toml:1");
    assert_eq!(line("public_url"), "public_url http://127.0.0.1:8080 default");
    assert_eq!(line("database_url"), "database_url postgres://sw:…@db.example/switchyard DATABASE_URL");
    assert_eq!(line("secret_key "), "secret_key (not shown) SECRET_KEY");
    assert_eq!(line("demo.auth_token"), "demo.auth_token (not shown) DEMO_AUTH_TOKEN");
}

#[test]
fn whether_only_this_machine_reaches_the_server_follows_from_where_it_listens_and_is_reached() {
    let folder = Folder::with("");
    for (arguments, local) in [
        ("serve", true),
        ("serve --public-url http://localhost:3000", true),
        ("serve --public-url https://floor.example", false),
        ("serve --public-url http://localhost.example", false),
        ("serve --host 0.0.0.0", false),
    ] {
        assert_eq!(folder.config(arguments, &[]).is_local(), local, "{arguments}");
    }
}

#[test]
fn wrong_usage_is_told_from_wrong_settings() {
    let folder = Folder::with("port = \"x\"");
    for usage in ["", "dance", "serve --prot 1", "--help", "user list --help", "--version", "backup"] {
        assert!(matches!(folder.read(usage, &[]), Err(Refused::Usage(_))), "{usage}");
    }
    assert!(matches!(folder.read("config check", &[]), Err(Refused::Faults { checking: true, .. })));
    assert!(matches!(folder.read("user list", &[]), Err(Refused::Faults { checking: false, .. })));
}

#[test]
fn help_is_short_until_it_is_asked_for_at_length() {
    let folder = Folder::with("");
    let help = |arguments: &str| match folder.read(arguments, &[("PORT", "4711")]) {
        Err(Refused::Usage(help)) => help.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(!help("-h").contains("--trusted-proxies") && help("-h").contains("restore"));
    let long = help("user invite --help");
    assert!(long.contains("--trusted-proxies") && long.contains("[default: 3000]") && !long.contains("4711"), "{long}");
}

/// What is written about settings.
const GUIDE: &str = include_str!("../../../docs/CONFIGURATION.md");
const EXAMPLE: &str = include_str!("../../../docs/switchyard.toml");

#[test]
fn every_setting_is_in_the_guide() {
    let rows: Vec<&str> = GUIDE.lines().filter(|line| line.starts_with("| `")).collect();
    let mut known = settings();
    for setting in &known {
        let start = format!("| `{}` | `{}` | `{}` | ", setting.key(), setting.variable(), setting.flag());
        let default = setting.default().map_or_else(|| "-".to_owned(), |default| format!("`{default}`"));
        let start = format!("{start}{default} |");
        assert!(
            rows.iter().any(|row| row.starts_with(&start)),
            "docs/CONFIGURATION.md needs a row that begins with {start}"
        );
    }
    known.retain(|setting| !rows.iter().any(|row| row.starts_with(&format!("| `{}` |", setting.key()))));
    assert!(known.is_empty());
    assert_eq!(rows.len(), settings().len(), "and nothing else");
}

#[test]
fn the_example_can_be_used_and_has_every_setting() {
    Folder::with(EXAMPLE).config("serve", &[]);
    // What stands behind a comment mark is a setting that could be made.
    let all: String = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .filter(|line| !line.starts_with("secret_key_file"))
        .collect::<Vec<_>>()
        .join("\n");
    let (_, given) = Folder::with(&all).read("demo", &[]).unwrap_or_else(|refused| panic!("{refused:?}"));
    for setting in settings().iter().filter(|setting| setting.key() != "secret_key_file") {
        assert!(given.iter().any(|given| given.key == setting.key()), "docs/switchyard.toml lacks {}", setting.key());
    }
    assert!(EXAMPLE.contains("# secret_key_file = "));
}
