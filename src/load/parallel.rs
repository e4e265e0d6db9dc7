//! Work on many small things at once, and on two large ones.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// With files of the size that people write, more threads than this cost more than they save.
const THREADS: usize = 4;

/// What `work` makes of each of `items`, in their order.
pub(super) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let mut done = thread::scope(|scope| {
        // A system that has no thread to give does with the one that there is.
        let others: Vec<_> = (1..THREADS.min(items.len()))
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, run).ok())
            .collect();
        let mut done = run();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(reason) => panic::resume_unwind(reason),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// What `aside` and `here` make, which are done at once.
pub(super) fn both<A: Send, B>(aside: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, &aside);
        let made = here();
        let made_aside = match other {
            Ok(other) => match other.join() {
                Ok(made) => made,
                Err(reason) => panic::resume_unwind(reason),
            },
            // The system has no thread to give.
            Err(_) => aside(),
        };
        (made_aside, made)
    })
}

#[cfg(test)]
mod tests {
    use super::{both, each};

    #[test]
    fn what_is_made_keeps_the_order() {
        for count in [0, 1, 2, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|it| it * 2).collect();
            assert_eq!(each(&items, |it| it * 2), doubled);
        }
    }

    #[test]
    fn both_are_made() {
        assert_eq!(both(|| 1, || 2), (1, 2));
    }
}
