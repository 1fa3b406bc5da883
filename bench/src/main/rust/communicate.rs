//! Rust's std::process. A worker of the comparison: see Worker.java for its arguments and answers.

use std::io::{self, BufRead, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

fn load(path: &str) -> Option<Vec<u8>> {
    path.starts_with('/').then(|| std::fs::read(path).expect("a readable file"))
}

fn talk(program: &[String], input: Option<&[u8]>, streams: usize) -> (Vec<u8>, Vec<u8>) {
    let piped = |wanted: bool| if wanted { Stdio::piped() } else { Stdio::inherit() };
    let mut child = Command::new(&program[0])
        .args(&program[1..])
        .stdin(piped(input.is_some()))
        .stdout(Stdio::piped())
        .stderr(piped(streams == 2))
        .spawn()
        .expect("a child");
    thread::scope(|scope| {
        if let (Some(bytes), Some(mut stdin)) = (input, child.stdin.take()) {
            scope.spawn(move || stdin.write_all(bytes).expect("a child that reads"));
        }
        let output = child.wait_with_output().expect("output");
        (output.stdout, output.stderr)
    })
}

/// The standard library waits for a child without a limit only: a thread reads, and its channel has the limit.
fn time_out(program: &[String], nanos: u64) -> i128 {
    let mut child = Command::new(&program[0])
        .args(&program[1..])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let start = Instant::now();
    let mut stdout = child.stdout.take().expect("a pipe");
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    let result = receiver.recv_timeout(Duration::from_nanos(nanos));
    let late = start.elapsed().as_nanos() as i128 - nanos as i128;
    assert_eq!(result.err(), Some(RecvTimeoutError::Timeout));
    child.kill().expect("a child that lives");
    child.wait().expect("an exit");
    reader.join().expect("an end");
    late
}

fn many(program: &[String], count: usize, expected: &[u8]) -> bool {
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..count).map(|_| scope.spawn(|| talk(program, None, 1).0 == expected)).collect();
        threads.into_iter().all(|thread| thread.join().expect("an answer"))
    })
}

fn as_expected(got: &[u8], expectation: &str, expected: Option<&[u8]>) -> bool {
    if expectation == "zeros" {
        return !got.is_empty() && got[0] == 0 && got[1..] == got[..got.len() - 1];
    }
    Some(got) == expected
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let what = arguments[1].as_str();
    let (input, expected) = (load(&arguments[2]), load(&arguments[3]));
    let streams: usize = arguments[4].parse().expect("1 or 2");
    let number: u64 = arguments[5].parse().expect("a number");
    let program = &arguments[6..];
    for line in io::stdin().lock().lines() {
        line.expect("a line");
        let (mut outputs, mut good) = ((Vec::new(), Vec::new()), true);
        let start = Instant::now();
        let nanos: i128;
        match what {
            "talk" => {
                outputs = talk(program, input.as_deref(), streams);
                nanos = start.elapsed().as_nanos() as i128;
                good = as_expected(&outputs.0, &arguments[3], expected.as_deref())
                    && (streams == 1 || as_expected(&outputs.1, &arguments[3], expected.as_deref()));
            }
            "spawn" => {
                Command::new(&program[0]).args(&program[1..]).status().expect("an exit");
                nanos = start.elapsed().as_nanos() as i128;
            }
            "timeout" => nanos = time_out(program, number),
            _ => {
                good = many(program, number as usize, expected.as_deref().unwrap_or_default());
                nanos = start.elapsed().as_nanos() as i128;
            }
        }
        let verdict = if good { "good" } else { "bad" };
        println!("{} {} {} {} -1", nanos, outputs.0.len(), outputs.1.len(), verdict);
    }
}
