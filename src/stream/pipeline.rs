//! Several threads on one stream, whose parts come out in the order in which they went in.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Parts that are under way at once, for each worker.
const DEPTH: usize = 3;

/// What goes to a worker, and what comes back from it.
type Lane<P, O> = (SyncSender<(P, O)>, Receiver<(P, O)>);

/// Reads parts with `next`, has `workers` threads turn each into a result with `work`, and hands the
/// results to `take`, in the order of the parts.
///
/// `next` gets a part and a result that are done with, to use their memory again; it gives both back, the
/// part filled. Each worker has every n-th part, so what is taken does not depend on how many there are.
///
/// # Errors
///
/// Those of `next` and `take`, which end it.
pub fn in_order<P, O, E>(
    workers: usize,
    mut next: impl FnMut(P, O) -> Result<Option<(P, O)>, E>,
    work: impl Fn(&P, &mut O) + Sync,
    mut take: impl FnMut(&P, &mut O) -> Result<(), E>,
) -> Result<(), E>
where
    P: Default + Send,
    O: Default + Send,
{
    let workers = workers.max(1);
    thread::scope(|scope| {
        let lanes: Vec<Lane<P, O>> = (0..workers)
            .map(|_| {
                let (give, parts) = sync_channel::<(P, O)>(DEPTH);
                let (done, results) = sync_channel::<(P, O)>(DEPTH);
                let work = &work;
                scope.spawn(move || {
                    for (part, mut result) in parts {
                        work(&part, &mut result);
                        if done.send((part, result)).is_err() {
                            return;
                        }
                    }
                });
                (give, results)
            })
            .collect();
        let mut spares: Vec<(P, O)> = Vec::new();
        let (mut given, mut taken) = (0, 0);
        let mut is_at_end = false;
        loop {
            if !is_at_end && given - taken < workers * DEPTH {
                let (part, result) = spares.pop().unwrap_or_default();
                match next(part, result)? {
                    Some(both) => {
                        // A worker ends only when its sender does.
                        drop(lanes[given % workers].0.send(both));
                        given += 1;
                    }
                    None => is_at_end = true,
                }
            } else if taken < given {
                let Ok((part, mut result)) = lanes[taken % workers].1.recv() else {
                    // The worker panicked, and the scope passes that on.
                    return Ok(());
                };
                take(&part, &mut result)?;
                spares.push((part, result));
                taken += 1;
            } else {
                return Ok(());
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(workers: usize, parts: u64, stop_at: u64) -> Result<Vec<u64>, u64> {
        let mut numbers = 0..parts;
        let mut found = Vec::new();
        in_order(
            workers,
            |_, result: u64| Ok(numbers.next().map(|number| (number, result))),
            |part, result| *result = part * part,
            |part, result| {
                if *part == stop_at {
                    return Err(*part);
                }
                found.push(*result);
                Ok(())
            },
        )?;
        Ok(found)
    }

    #[test]
    fn results_come_in_the_order_of_the_parts() {
        let squares: Vec<u64> = (0..100).map(|number| number * number).collect();
        for workers in [0, 1, 2, 7] {
            assert_eq!(run(workers, 100, u64::MAX), Ok(squares.clone()));
            assert_eq!(run(workers, 0, u64::MAX), Ok(Vec::new()));
        }
    }

    #[test]
    fn an_error_ends_it() {
        for workers in [1, 2, 7] {
            assert_eq!(run(workers, 100, 42), Err(42));
        }
    }
}
