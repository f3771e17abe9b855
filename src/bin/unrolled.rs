//! The engine on the command line: experiment in, trace out; training run in, log out; logits in, choices out.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    unrolled::command::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
