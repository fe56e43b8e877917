//! `murmuration run`, as it is called from a command line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const RECORDED: &str =
    "# a topic\n1$ kafka-topics --bootstrap-server kafka:9093 --create --topic t\n1| Created topic t.\n";

fn murmuration(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_murmuration"))
        .arg("run")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn outputs_are_made_anew_and_checked() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it can be written");
    write("good.txt", RECORDED);
    write("bare.txt", "# a topic\n1$ kafka-topics --bootstrap-server kafka:9093 --create --topic t\n");
    write("windows.txt", &RECORDED.replace('\n', "\r\n"));
    write("wrong.txt", &RECORDED.replace("Created", "Made"));

    let printed = murmuration(folder.path(), &["bare.txt"]);
    assert_eq!((printed.status.code(), text(&printed.stdout).as_str()), (Some(0), RECORDED));

    let checked = murmuration(folder.path(), &["--check", "good.txt", "windows.txt"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));

    let checked = murmuration(folder.path(), &["--check", "wrong.txt", "good.txt"]);
    let printed = text(&checked.stdout);
    assert_eq!(checked.status.code(), Some(1));
    assert!(printed.contains("-1| Made topic t.\n+1| Created topic t.\n"), "{printed}");
    assert!(printed.contains("ok      good.txt"), "{printed}");
}

#[test]
fn the_digest_hangs_on_the_seed_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(
        folder.path().join("t.txt"),
        RECORDED.to_owned() + "2$ kafka-console-consumer --bootstrap-server kafka:9093 --topic t\nwait 5s\n",
    )
    .expect("it can be written");
    let digest = |arguments: &[&str]| {
        let printed = murmuration(folder.path(), &[arguments, &["--digest", "t.txt"]].concat());
        assert_eq!(printed.status.code(), Some(0));
        text(&printed.stdout)
    };
    assert_eq!(digest(&[]), digest(&["--seed", "1"]));
    assert_ne!(digest(&[]), digest(&["--seed", "2"]));
    assert_ne!(digest(&[]), digest(&["--brokers", "3"]));

    let told = murmuration(folder.path(), &["--json", "t.txt"]);
    for line in text(&told.stdout).lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("each line is a JSON object");
        assert!(
            object["at_us"].is_u64() && object["event"].is_string() != object["text"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn what_cannot_be_run_is_named_and_the_rest_still_runs() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write =
        |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("it can be written");
    write("good.txt", RECORDED.as_bytes());
    write("bytes.txt", b"# fine\n1$ \xff\n");
    write("form.txt", b"1$ date\nsay hello\n");
    write("busy.txt", b"1$ cat\n1$ date\n");
    write("idle.txt", b"1> date\n");
    let rows = [
        ("missing.txt", "missing.txt: cannot be read: No such file or directory"),
        (".", ".: is a directory: name the transcripts in it"),
        ("bytes.txt", "bytes.txt: line 2, byte 4: a transcript is UTF-8 text, and this is not"),
        ("form.txt", "form.txt: line 2, column 1: A line is a comment (# ...), a setting (#! seed 7), "),
        (
            "busy.txt",
            "busy.txt: line 2, column 1: terminal 1 is busy: cat runs there. Type into it with 1>, or ",
        ),
        (
            "idle.txt",
            "idle.txt: line 1, column 1: terminal 1 stands at its prompt and no program reads the line. ",
        ),
    ];
    for (name, message) in rows {
        let run = murmuration(folder.path(), &[name, "good.txt"]);
        let complaint = text(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{name}");
        assert!(complaint.starts_with(&format!("error: {message}")), "{complaint}");
        assert!(text(&run.stdout).contains("1| Created topic t."), "{name}");
    }
}
