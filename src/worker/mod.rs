//! The loop that serves requests off the main thread.
